import { type ErrorCode, ERRORS, type ExitCode } from '../../src/model/error-codes.ts';
import { FINDING_CODES, SEVERITIES } from '../../src/model/finding.ts';
import { SAFETY_CODES } from '../../src/model/safety.ts';
import {
  CONTAINER_TYPES,
  DECISION_STATUSES,
  DISPOSITIONS,
  ENVELOPES,
  FORMATS,
  IMAGE_TYPES,
} from '../../src/model/vocabulary.ts';
import type { ReportHeader } from '../../src/report/plan/report.ts';
import type { CandidateRecord, DecisionPart, ImagePart } from '../../src/report/records/decision-record.ts';
import { FORMAT_VERSION } from '../../src/report/records/format-version.ts';
import type { RemedyRecord, ServiceRecord, VerdictRecord } from '../../src/report/records/service-record.ts';
import {
  byName,
  byWord,
  constant,
  count,
  describes,
  list,
  number,
  object,
  oneOf,
  orNull,
  text,
  word,
} from './schema.ts';

export const formatVersion = constant(
  FORMAT_VERSION,
  'Version of the format. It is raised when a key changes its meaning; added keys and added words do not raise it.',
);

export const imageType = word(IMAGE_TYPES, 'Image type of the two-field model.');
export const containerType = word(CONTAINER_TYPES, 'Container type of the two-field model.');
export const envelope = word(ENVELOPES, 'What is wrapped around the image, and must be unwrapped first.');
export const status = word(DECISION_STATUSES, 'Status of the decision. Only exact and inferred decisions are written.');
export const disposition = word(DISPOSITIONS, 'What is done with the image.');
export const severity = word(SEVERITIES, 'How grave it is.');
export const findingCode = word(FINDING_CODES, 'Code of a finding; docs/reference.md explains it.');
export const safetyCode = word(SAFETY_CODES, 'Code of a danger; docs/reference.md explains it.');

export const diskFormat = orNull(text('images.disk_format exactly as it is in the row; null for NULL.'));
export const containerFormat = orNull(text('images.container_format exactly as it is in the row; null for NULL.'));

export const candidate = describes<CandidateRecord>(
  object({ image_type: imageType, container_type: containerType, envelope: orNull(envelope) }, 'A possible answer.'),
);
export const candidates = list(candidate, 'Possible answers, best first; empty unless the status is ambiguous.');

export const evidence = object(
  {
    kind: text(
      'Where it was seen: tuple, status, size, property, reference, lost-property, name, operator, rule, content.',
    ),
    detail: text('What was seen, for a person. Never an address or a credential.'),
  },
  'Something that was seen.',
);

export const byStatus = byWord(
  DECISION_STATUSES,
  (each) => count(`Images whose decision is ${each}.`),
  'Images by the status of their decision.',
);

const sample = object(
  { id: text('Id of the image.'), name: orNull(text('Name of the image, cut at 255 characters; null for NULL.')) },
  'An image as an example.',
);
export const samples = list(sample, 'The first few of them.');
export const sampleIds = list(text('Id of an image.'), 'The first few of them.');

export const imageKeys = {
  image_id: text('images.id, exactly as it is in the row.'),
  name: orNull(text('images.name; null for NULL.')),
  owner: orNull(text('images.owner; null for NULL.')),
  status_glance: text("Glance's own status of the image: active, queued, killed …"),
  disk_format: diskFormat,
  container_format: containerFormat,
};
describes<ImagePart>(object(imageKeys));

const remedy = describes<RemedyRecord>(
  oneOf(
    'What would make the service take the image.',
    object({
      kind: constant('word', 'Another word for the same bytes.'),
      disk_format: text('The disk_format that the service accepts.'),
      container_format: text('The container_format that it accepts.'),
    }),
    object({ kind: constant('conversion', 'qemu-img convert.'), to: text('The format to convert to.') }),
    object({
      kind: constant('option', 'An option of the service.'),
      option: text('The option with its section: [workarounds]disable_deep_image_inspection.'),
      value: text('The value that lets the image pass.'),
    }),
  ),
);
export const remedies = list(remedy, 'What would make the service take the image, best first.');

export const verdictWord = word(['accepted', 'refused', 'unknown'], 'What a service does.');
const VERDICT = 'What a service does with the image. `unknown`: the bytes that would decide were not seen.';

const accepted = {
  verdict: constant('accepted', 'The service takes the image.'),
  basis: word(
    ['inspected', 'not-inspected'],
    'not-inspected: the service does not look at the bytes of such an image.',
  ),
};
const refused = {
  verdict: constant('refused', 'The service refuses the image.'),
  step: text('The step that refuses it: word, formats, safety, comparison, qemu-img, conversion.'),
  check: text("The safety check that fails, in the service's own words (mbr, data_file); else the step."),
  why: text('Why, one clause for a person.'),
  remedies,
};
const unknown = {
  verdict: constant('unknown', 'What the service does is not known.'),
  why: text('Which bytes were not seen, one clause for a person.'),
};

export const verdict = describes<VerdictRecord>(oneOf(VERDICT, object(accepted), object(refused), object(unknown)));

const before = orNull(
  word(
    ['accepted', 'refused', 'unknown'],
    'What the service does in the earlier release; null unless two releases are compared.',
  ),
);

const services = byName(
  describes<ServiceRecord>(
    oneOf(VERDICT, object({ ...accepted, before }), object({ ...refused, before }), object({ ...unknown, before })),
  ),
  'What each OpenStack service does with the image, by service: nova, glance, cinder … Empty where none was asked.',
);

export const decisionKeys = {
  image_type: orNull(imageType),
  container_type: orNull(containerType),
  envelope: orNull(envelope),
  format: orNull(word(FORMATS, 'The word of the one-field proposal; null where that model has none.')),
  status,
  rule: text('Id of the rule that decided; docs/reference.md and `glance-retype rules show` explain it.'),
  candidates,
  evidence: list(evidence, 'What the decision rests on.'),
  findings: list(findingCode, 'What an operator should know about the image; sorted, without repeats.'),
  disposition: orNull(
    word(DISPOSITIONS, 'What a consumer of the new model does with the image; null where nothing is decided.'),
  ),
  nova_today: word(DISPOSITIONS, "What today's Nova does with the image."),
  question: orNull(
    text('Where nothing is decided: the question that the image belongs to, as the questions file names it.'),
  ),
  answer: orNull(text("Id of the operator's answer that met the image.")),
  services,
};
describes<DecisionPart>(object(decisionKeys));

export const decision = object({ ...imageKeys, ...decisionKeys }, 'The decision for one image.');

const headerKeys = {
  tool_version: text('Version of glance-retype.'),
  created_at: text('When the document was made: ISO 8601 in UTC, 2026-01-31T12:00:00Z.'),
  database: text('Address of the database without secrets: mysql://glance@db1/glance.'),
  engine: text('Product and version of the database: MariaDB 10.11.6.'),
  era: text('The Glance release whose schema was found.'),
  rules_digest: text('SHA-256 of the rule table, hex.'),
  answers_digest: orNull(text('SHA-256 of the answers, hex; null where no answers file was given.')),
  probe: text('Which images were looked into: all, undecided, off.'),
  target: orNull(text('Where results are stored: columns or table; null before expand.')),
  openstack: orNull(text('The OpenStack release whose services were asked; null where none was.')),
  openstack_before: orNull(text('The release that it is compared with; null unless two are compared.')),
  nova_backend: orNull(text('How Nova stores the disks of servers; null where no service was asked.')),
};
describes<ReportHeader>(object(headerKeys));

export const header = object(
  { version: constant(FORMAT_VERSION, 'The same as format_version.'), ...headerKeys },
  'What the document was made from.',
);

export const next = list(text('A command, perhaps with a remark behind `#`.'), 'The commands to type next, in order.');

/** The first keys of a document of a command that writes. */
export function writerHead<const End extends string>(ends: readonly End[], meaning: string) {
  return {
    format_version: formatVersion,
    tool_version: text('Version of glance-retype.'),
    database: text('Address of the database without secrets.'),
    end: word(ends, meaning),
    exit_code: number([0, 3, 7], 'The exit code of the command.'),
    next,
  };
}

const EXIT_CODES: readonly ExitCode[] = [0, 1, 2, 3, 4, 5, 6, 7, 8];

export const exitCode = number(EXIT_CODES, 'The exit code of the command.');

/** What every description of an error says. */
export const errorCode = word(
  Object.keys(ERRORS) as readonly ErrorCode[],
  'Code of the error; docs/reference.md explains it.',
);
export const errorTitle = text('What failed, one line.');
export const problems = list(
  object({
    place: text('Where: an option, a file with its line, a table.'),
    expected: text('What was expected there.'),
    found: text('What was found.'),
    advice: text('What to do about it.'),
  }),
  'Everything that is wrong.',
);
