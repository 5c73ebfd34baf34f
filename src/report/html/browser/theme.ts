/** Switches between light and dark, for this page and this visit only. */
export function wireTheme(button: HTMLElement | null): void {
  button?.addEventListener('click', () => {
    const root = document.documentElement;
    const now = root.dataset['theme'] ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    root.dataset['theme'] = now === 'dark' ? 'light' : 'dark';
  });
}
