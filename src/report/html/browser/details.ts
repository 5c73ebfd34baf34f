import type { ImageData, ImageKind } from '../images/data.ts';
import { writeFilter } from '../images/query.ts';
import { element } from './dom.ts';
import { explainCommand } from '../../words/shell-word.ts';

export interface Details {
  readonly element: HTMLDialogElement;
  open(row: number): void;
  close(): void;
}

/** Everything the page knows of one image, in a dialog: Escape closes it and gives the focus back. */
export function createDetails(data: ImageData): Details {
  const dialog = element('dialog', { class: 'images-details', 'aria-labelledby': 'image-heading' });
  const close = (): void => dialog.close();
  // Only a click on the backdrop has the dialog as its target: content covers the inside.
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog && !within(dialog, event)) close();
  });
  return {
    element: dialog,
    open(row) {
      const kind = data.kinds[data.columns.kind[row] ?? 0];
      if (kind === undefined) return;
      const done = element('button', { type: 'button' }, 'Close');
      done.addEventListener('click', close);
      dialog.replaceChildren(...content(data, row, kind), element('div', { class: 'images-line' }, done));
      dialog.showModal();
      dialog.scrollTop = 0;
    },
    close,
  };
}

function content(data: ImageData, row: number, kind: ImageKind): readonly HTMLElement[] {
  const { columns, owners, evidence, sights } = data;
  const id = columns.id[row] ?? '';
  const name = columns.name[row] ?? null;
  const seen = (evidence[columns.evidence[row] ?? 0] ?? []).flatMap((place) => {
    const sight = sights[place];
    return sight === undefined ? [] : [`${sight[0]}: ${sight[1]}`];
  });
  return [
    element('h3', { id: 'image-heading', tabindex: '-1', autofocus: '' }, name ?? id),
    facts([
      ['Id', element('code', {}, id)],
      ['Name', name ?? 'NULL'],
      ['Owner', owners[columns.owner[row] ?? 0] ?? 'NULL'],
      ['Status in Glance', kind.glance],
      ['disk_format / container_format', `${kind.disk} / ${kind.container}`],
      ['Decision', kind.after === null ? kind.status : `${kind.status}: ${kind.becomes}`],
      ['Rule', `${kind.rule}: ${kind.reason}`],
      ['Nova today', kind.today],
      ['After the cutover', kind.after ?? 'not decided'],
      ['One-field word', kind.format ?? 'none'],
      ...(kind.answer === null ? [] : [['Your answer', kind.answer] as const]),
      ...(kind.question === null ? [] : [['Question', questionButton(kind.question)] as const]),
    ]),
    ...listed('Candidates, best first', 'ol', kind.candidates),
    ...listed('Findings', 'ul', kind.findings.map(coded(data))),
    ...listed('Security', 'ul', kind.safety.map(coded(data))),
    ...serviceParts(data, kind),
    ...listed('Evidence', 'ul', seen),
    ...explained(id),
  ];
}

/** What each service does with the image. */
function serviceParts({ services }: ImageData, kind: ImageKind): readonly HTMLElement[] {
  const sights = kind.services.flatMap((place) => services[place] ?? []);
  if (sights.length === 0) return [];
  const pairs = sights.map(
    ({ title, lines }) => [title, element('div', {}, ...lines.map((line) => element('div', {}, line)))] as const,
  );
  return [element('h4', {}, 'What the services of OpenStack do'), facts(pairs)];
}

function facts(pairs: readonly (readonly [string, string | HTMLElement])[]): HTMLElement {
  return element('dl', {}, ...pairs.flatMap(([term, value]) => [element('dt', {}, term), element('dd', {}, value)]));
}

function listed(title: string, tag: 'ol' | 'ul', lines: readonly string[]): readonly HTMLElement[] {
  if (lines.length === 0) return [];
  return [element('h4', {}, title), element(tag, {}, ...lines.map((line) => element('li', {}, line)))];
}

function coded({ codes }: ImageData): (code: string) => string {
  return (code) => {
    const words = codes[code];
    return words === undefined ? code : `${code} (${words.severity}): ${words.title}`;
  };
}

function questionButton(question: string): HTMLElement {
  const filter = writeFilter({ question });
  return element('button', { type: 'button', 'data-filter': filter }, `${question}: show its images`);
}

function explained(id: string): readonly HTMLElement[] {
  const command = explainCommand(id);
  if (command === null) return [];
  const copy = element('button', { type: 'button', 'data-copy': command }, 'Copy');
  return [
    element('h4', {}, 'The whole trace'),
    element('p', {}, 'Add the options that name the database, as for this report.'),
    element('div', { class: 'images-line' }, element('code', {}, command), copy),
  ];
}

function within(dialog: HTMLElement, { clientX, clientY }: MouseEvent): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
}
