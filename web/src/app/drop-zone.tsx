import { Button, FileButton, Group, Paper, Text } from '@mantine/core';
import { useRef, useState } from 'react';

interface Given {
  /** What may be dropped, and the words of the button. */
  readonly label: string;
  readonly choose: string;
  readonly multiple?: boolean;
  readonly disabled?: boolean;
  readonly onTake: (files: readonly File[]) => void;
}

/** Takes files that are dropped on it or chosen by its button. */
export function DropZone({ label, choose, multiple = false, disabled = false, onTake }: Given) {
  const [over, setOver] = useState(false);
  // The same file may be chosen again after it was changed.
  const reset = useRef<() => void>(null);
  const take = (files: readonly File[]) => {
    if (!disabled && files.length > 0) onTake(files);
    reset.current?.();
  };
  return (
    <Paper
      withBorder
      p="xl"
      data-testid="drop"
      style={{ borderStyle: 'dashed', ...(over && { background: 'var(--mantine-color-default-hover)' }) }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take([...event.dataTransfer.files]);
      }}
    >
      <Group justify="center" gap="xs">
        <Text>{label}</Text>
        <FileButton
          multiple={multiple}
          resetRef={reset}
          onChange={(chosen: File | readonly File[] | null) => take(chosen === null ? [] : [chosen].flat())}
        >
          {(props) => (
            <Button disabled={disabled} {...props}>
              {choose}
            </Button>
          )}
        </FileButton>
      </Group>
    </Paper>
  );
}
