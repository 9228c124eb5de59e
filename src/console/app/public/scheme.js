// Before anything is drawn, so that a dark page never flashes white. The same key as in theme.ts.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('passerelle-scheme');
  } catch {
    // Storage is closed to us; the system's own scheme it is.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
