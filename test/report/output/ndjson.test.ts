import { expect, it } from 'vitest';
import { decisionRecord } from '../../../src/report/records/decision-record.ts';
import { createNdjsonWriter } from '../../../src/report/output/ndjson.ts';
import { ambiguous, decided, reportOf, memorySink, NASTY, row, summaryOf } from '../made-images.ts';

it('one line an image, keys exactly as listed', async () => {
  const sink = memorySink();
  const writer = createNdjsonWriter(sink);
  await writer.add(row({ owner: null }), decided({ findings: ['ZERO_SIZE'] }));
  await writer.add(row({ id: '2', diskFormat: null, containerFormat: '' }), ambiguous());
  await writer.end(reportOf(summaryOf([])));
  expect(sink.pieces.join('')).toBe(
    '{"image_id":"00000000-0000-4000-8000-000000000001","name":"cirros","owner":null,"status_glance":"active","disk_format":"qcow2","container_format":"bare","image_type":"disk","container_type":"qcow2","envelope":null,"format":"qcow2","status":"inferred","rule":"RULE","candidates":[],"evidence":[],"findings":["ZERO_SIZE"],"disposition":"boot-disk","nova_today":"boot-disk","question":null,"answer":null}\n' +
      '{"image_id":"2","name":"cirros","owner":"tenant","status_glance":"active","disk_format":null,"container_format":"","image_type":null,"container_type":null,"envelope":null,"format":null,"status":"ambiguous","rule":"RULE","candidates":[{"image_type":"disk","container_type":"raw","envelope":null},{"image_type":"filesystem","container_type":"raw","envelope":null}],"evidence":[],"findings":[],"disposition":null,"nova_today":"boot-disk","question":"null-null-edb15a90","answer":null}\n',
  );
  expect(sink.state.ended).toBe(1);
});

it('every nasty text comes back as it was, and no line is broken or harmful', async () => {
  const sink = memorySink();
  const writer = createNdjsonWriter(sink);
  const images = NASTY.map((text) => row({ name: text, owner: text, diskFormat: text }));
  const decision = decided({ evidence: [{ kind: 'name', detail: NASTY.join('|') }] });
  for (const image of images) await writer.add(image, decision);
  await writer.end(reportOf(summaryOf([])));
  const text = sink.pieces.join('');
  expect(text).not.toMatch(/(?!\n)\p{Cc}|[\u2028\u2029\u202e\ufeff]/u);
  const lines = text.trimEnd().split(/[\n\u2028\u2029\u0085]/);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    images.map((image) => decisionRecord(image, decision)),
  );
});

it('text of a decision is not mixed up between decisions', async () => {
  const sink = memorySink();
  const writer = createNdjsonWriter(sink);
  const decisions = [decided({ rule: 'A' }), decided({ rule: 'B' })];
  for (const index of [0, 1, 0, 1]) {
    const decision = decisions[index];
    if (decision !== undefined) await writer.add(row({}), decision);
  }
  await writer.end(reportOf(summaryOf([])));
  expect(sink.pieces.join('').match(/"rule":"."/g)).toEqual(['"rule":"A"', '"rule":"B"', '"rule":"A"', '"rule":"B"']);
});

it('no images, no text', async () => {
  const sink = memorySink();
  await createNdjsonWriter(sink).end(reportOf(summaryOf([])));
  expect(sink.pieces).toEqual([]);
  expect(sink.state.ended).toBe(1);
});
