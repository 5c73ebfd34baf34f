import { probeRow, probeTitle } from '../../report/terminal/probe-row.ts';
import type { ProbedSource } from '../../run/probing/probe-sources.ts';
import { styleOf } from '../session/output.ts';

/** Rows of a table for standard output, the first of them under its title. */
export function createProbeTable(detail: 'summary' | 'evidence'): (probed: ProbedSource) => string {
  const style = styleOf(process.stdout);
  let isFirst = true;
  return ({ source, content }) => {
    const row = probeRow(source, content, detail, style);
    const text = isFirst ? `${probeTitle(style)}\n${row}` : row;
    isFirst = false;
    return text;
  };
}
