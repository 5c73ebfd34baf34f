import { describe, expect, it } from 'vitest';
import { childrenSeconds, runChild } from '../../../scripts/bench/child.ts';

const node = (script: string): [string, ...string[]] => [process.execPath, '-e', script];
const MEMORY = 'const block = Buffer.alloc(300 * 1024 ** 2, 1); setTimeout(() => block, 300)';

describe('running a program', () => {
  it('finds its largest resident set and the time on the processor', async () => {
    const cost = await runChild(node(MEMORY));
    expect(cost.peakMib).toBeGreaterThan(300);
    expect(cost.peakMib).toBeLessThan(600);
    expect(cost.cpuSeconds).toBeGreaterThan(0);
    expect(cost.seconds).toBeGreaterThan(0.3);
  });

  it('finds the largest one of its children', async () => {
    const cost = await runChild(['sh', '-c', '"$0" -e "$1"; exit 0', process.execPath, MEMORY]);
    expect(cost.peakMib).toBeGreaterThan(300);
  });

  it('fails with the exit code and the end of what was printed', async () => {
    await expect(runChild(node('console.log("the reason"); process.exit(3)'))).rejects.toThrow(
      /ended with 3:\n.*the reason/su,
    );
  });

  it('hands the environment on', async () => {
    await expect(
      runChild(node('process.exit(process.env.BENCH === "yes" ? 0 : 1)'), { BENCH: 'yes' }),
    ).resolves.toBeDefined();
  });

  it('writes to /dev/null where nobody reads', async () => {
    const onlyPipe = 'process.exit(require("fs").fstatSync(1).isCharacterDevice() ? 0 : 1)';
    await expect(runChild(node(onlyPipe), {}, 'discarded')).resolves.toBeDefined();
    await expect(runChild(node(onlyPipe))).rejects.toThrow('ended with 1');
  });
});

describe('what a shell says of the time of its children', () => {
  it('is the second line, minutes and seconds, user and system added up', () => {
    expect(childrenSeconds('0m0.10s 0m0.10s\n1m2.25s 0m0.50s\n')).toBe(62.75);
    expect(childrenSeconds('0m0,001s 0m0,001s\n0m0,250s 0m0,500s\n')).toBe(0.75);
  });

  it('is refused where it is something else', () => {
    expect(() => childrenSeconds('real 3')).toThrow('cannot be read');
  });
});
