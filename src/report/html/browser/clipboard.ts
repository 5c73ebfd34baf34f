/** Puts a text on the clipboard. A browser may keep it from a page that was opened from a file. */
export async function clipboardTakes(text: string): Promise<'taken' | 'refused'> {
  try {
    await navigator.clipboard.writeText(text);
    return 'taken';
  } catch {
    return 'refused';
  }
}
