import type { ProbedServices } from '../../report/records/probe-record.ts';
import { probeRow, probeTitle } from '../../report/terminal/probe-row.ts';
import { renderFileAnswer } from '../../report/terminal/probe-services.ts';
import type { ProbedSource } from '../../run/probing/probe-sources.ts';
import { styleOf } from '../session/output.ts';

/** A source, what it is, and what services do with it; null where none was asked about, or nothing was read. */
export interface ToldSource extends ProbedSource {
  readonly services: ProbedServices | null;
}

/** Rows of a table for standard output, the first of them under its title. */
export function createProbeTable(detail: 'summary' | 'evidence'): (told: ToldSource) => string {
  const style = styleOf(process.stdout);
  let isFirst = true;
  return ({ source, content, services }) => {
    const answer = services === null ? '' : `\n${renderFileAnswer(services, style)}`;
    const row = `${probeRow(source, content, detail, style)}${answer}`;
    const text = isFirst ? `${probeTitle(style)}\n${row}` : row;
    isFirst = false;
    return text;
  };
}
