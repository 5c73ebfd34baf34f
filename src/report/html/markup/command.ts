import { html, NO_HTML, type SafeHtml } from './escape.ts';

/** A command to type, as `next` of a report has it: what stands behind ` # ` is a remark. A button copies the command without it. */
export function commandHtml(line: string): SafeHtml {
  const [, command, remark] = /^(.*?)\s+# (.*)$/s.exec(line) ?? [null, line, null];
  const typed = command ?? line;
  return html`<pre class="command"><code tabindex="0">${typed}</code>${
    remark === null || remark === undefined ? NO_HTML : html` <span class="remark"># ${remark}</span>`
  } <button type="button" data-copy="${typed}">Copy</button></pre> `;
}
