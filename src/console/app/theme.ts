import { createTheme, localStorageColorSchemeManager } from '@mantine/core';
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
  // Dark enough for white text on it, light enough to be read on dark: WCAG AA in both.
  primaryShade: { light: 9, dark: 8 },
  autoContrast: true,
  fontFamily: 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  defaultRadius: 'md',
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
  respectReducedMotion: true,
});
