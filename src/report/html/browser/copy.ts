const SHOWN_MS = 2_000;

/** A click on an element with `data-copy` puts that text on the clipboard, and says so in the element. */
export function wireCopy(): void {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-copy]') : null;
    if (button !== null) void copy(button);
  });
}

async function copy(button: HTMLElement): Promise<void> {
  const label = (button.dataset['label'] ??= button.textContent);
  button.textContent = await clipboardTakes(button.dataset['copy'] ?? '');
  setTimeout(() => {
    button.textContent = label;
  }, SHOWN_MS);
}

/** A browser may keep the clipboard from a page that was opened from a file. */
async function clipboardTakes(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied';
  } catch {
    return 'Not allowed: copy by hand';
  }
}
