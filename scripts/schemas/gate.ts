import { GATE_CODES } from '../../src/model/gate.ts';
import type { gateRecord } from '../../src/report/records/command-records.ts';
import { formatVersion, header, remedies, sampleIds } from './parts.ts';
import { byName, count, describes, flag, list, number, object, orNull, text, word } from './schema.ts';

export const gate = describes<ReturnType<typeof gateRecord>>(
  object({
    format_version: formatVersion,
    glance_retype_gate: header,
    ready: flag('Whether the cutover may go ahead.'),
    exit_code: number([0, 4, 7], 'The exit code: 0 ready, 7 something differs, 4 any other reason.'),
    reasons: list(
      object({
        code: word(GATE_CODES, 'Code of the reason; docs/reference.md explains it.'),
        title: text('What the code means, one line.'),
        text: text('What was found, one sentence.'),
        count: orNull(count('Number of images or records; null where nothing is counted.')),
        details: list(
          object({
            text: text('A question, a kind of difference, a finding, a check of a service or a node.'),
            count: orNull(count('Number of images; null where nothing is counted.')),
            sample_ids: sampleIds,
            remedies,
          }),
          'The parts of the reason.',
        ),
        advice: text('What to do.'),
      }),
      'Why the cutover may not go ahead; empty where it may.',
    ),
    notes: list(text('For a person.'), 'What was accepted by an option, or should be known.'),
    images: count('All rows of images.'),
    undecided: count('Undecided images.'),
    left: count('Of these, images that an answer leaves undecided on purpose.'),
    verified: flag('Whether stored decisions were compared with decisions made again.'),
    nodes: list(
      object({
        name: text('The node, as given on the command line.'),
        disk_formats: list(text('A word.'), 'Disk formats that Glance accepts on this node.'),
        disk_formats_from: orNull(text('Where they are configured; null where the default of Glance applies.')),
        container_formats: list(text('A word.'), 'Container formats that Glance accepts on this node.'),
        container_formats_from: orNull(text('Where they are configured; null where the default of Glance applies.')),
      }),
      'The API nodes that were compared.',
    ),
    services: byName(
      object({
        required: flag('Whether images that it refuses are a reason.'),
        accepted: count('Images that it takes.'),
        refused: count('Images that it refuses.'),
        refused_today: count('Of these, images that the release of today refuses as well: they are no reason.'),
        unknown: count('Images of which too little was seen: they are neither accepted nor a reason.'),
        unknown_because: list(
          object({ why: text('What was not seen.'), count: count('Images.') }),
          'Why, biggest first.',
        ),
      }),
      'What each service of the named release does, by service; empty where none was named.',
    ),
  }),
);
