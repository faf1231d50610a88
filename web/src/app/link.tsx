import { Anchor, type AnchorProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';

interface Props extends AnchorProps {
  readonly children?: React.ReactNode;
  readonly ref?: React.Ref<HTMLAnchorElement>;
}

/** A link in a text to a page of ours, with its address checked when compiled. */
export const TextLink = createLink((props: Props) => <Anchor {...props} />);
