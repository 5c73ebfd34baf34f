import { openVerdictCache } from '../../../src/probe/cache/verdict-cache.ts';
import { NOTHING_SEEN } from '../../../src/model/inspection.ts';

/** A process of its own that fills a cache: `verdict-cache-writer.ts FILE NUMBER`. */
const [file = '', writer = ''] = process.argv.slice(2);
const answer = openVerdictCache(file, (why) => {
  throw new Error(why);
});
if (answer.kind === 'unusable') throw new Error(answer.why);
for (let entry = 0; entry < 50; entry += 1) {
  answer.cache.put({ algorithm: 'sha512', digest: 'ab'.repeat(64), size: `${writer}${entry}` }, 'random', {
    head: 'cd'.repeat(32),
    verdict: {
      imageType: 'disk',
      reach: 'whole',
      refutes: ['iso', 'vmdk'],
      inspection: NOTHING_SEEN,
      containerType: 'qcow2',
      confidence: 'certain',
      alsoReadAs: ['filesystem'],
      containerBasis: 'proven',
      envelope: null,
      evidence: [{ offset: 0, detail: 'QFI version 3' }],
      safety: ['DIRTY'],
      cost: { requests: 3, bytes: 65_536 },
    },
  });
}
answer.cache.close();
