import { Anchor, type CSSVariablesResolver, createTheme, localStorageColorSchemeManager } from '@mantine/core';
import { setNonce } from 'get-nonce';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
// What locks scrolling behind a dialog writes a style of its own.
setNonce(nonce);

/** Styles made while the page runs carry it, else the policy of the page refuses them. */
export const styleNonce = (): string => nonce;

/** As in public/scheme.js. */
export const schemes = localStorageColorSchemeManager({ key: 'passerelle-scheme' });

export const theme = createTheme({
  primaryColor: 'teal',
  // Dark enough for white text on it: WCAG AA in both.
  primaryShade: 9,
  autoContrast: true,
  fontFamily: 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  defaultRadius: 'md',
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  // A link within a text is told from it by more than its colour.
  components: { Anchor: Anchor.extend({ defaultProps: { underline: 'always' } }) },
});

const tinted = ['gray', 'red', 'blue', 'teal', 'yellow', 'orange'] as const;

/** Mantine's own words on tinted ground are too faint for small text (WCAG AA: 4.5 to 1). */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: Object.fromEntries([
    ...tinted.map((color) => [
      `--mantine-color-${color}-light-color`,
      `color-mix(in srgb, var(--mantine-color-${color}-9) ${color === 'yellow' || color === 'orange' ? 55 : 75}%, black)`,
    ]),
    ['--mantine-color-dimmed', '#565d64'],
    ['--mantine-color-body', '#fbfcfc'],
    ['--mantine-color-error', 'var(--mantine-color-red-9)'],
  ]),
  dark: Object.fromEntries([
    ...tinted.map((color) => [`--mantine-color-${color}-light-color`, `var(--mantine-color-${color}-2)`]),
    ['--mantine-color-dimmed', '#b0b7be'],
    ['--mantine-color-anchor', 'var(--mantine-color-teal-3)'],
    ['--mantine-color-error', 'var(--mantine-color-red-4)'],
  ]),
});
