import { createTheme, type MantineColorsTuple } from '@mantine/core';

const jade: MantineColorsTuple = [
  '#eefaf7',
  '#dcf2ed',
  '#b4e4da',
  '#88d5c5',
  '#62c8b3',
  '#47bea6',
  '#2ea58e',
  '#148573',
  '#0b6e62',
  '#055a50',
];

/** How the pages look: one colour, system fonts with the Chinese ones named, nothing that is loaded from elsewhere. */
export const theme = createTheme({
  primaryColor: 'jade',
  primaryShade: 8,
  colors: { jade },
  defaultRadius: 'md',
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
});
