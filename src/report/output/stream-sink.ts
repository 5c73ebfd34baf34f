import type { Writable } from 'node:stream';

export interface StreamSink {
  /** Resolves when the stream has taken the text over, which is the back-pressure of a slow reader. */
  write(text: string): Promise<void>;
  /** Leaves the stream open: standard output is not ours to close. */
  end(): Promise<void>;
}

/**
 * Writes to a stream. When its reader goes away (EPIPE: `| head`), the rest is dropped and `onReaderGone` is called
 * once, so that the caller can stop.
 *
 * @throws the stream's error, other than EPIPE
 */
export function createStreamSink(stream: Writable, onReaderGone?: () => void): StreamSink {
  let reader: 'there' | 'gone' = 'there';
  function lose(): void {
    if (reader === 'gone') return;
    reader = 'gone';
    onReaderGone?.();
  }
  // Every error also reaches the callback of its write; without a listener the event itself would end the process.
  stream.on('error', (error) => {
    if (isReaderGone(error)) lose();
  });
  return {
    write(text) {
      if (reader === 'gone') return Promise.resolve();
      return new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          if (error === null || error === undefined) return resolve();
          if (!isReaderGone(error)) return reject(error);
          lose();
          return resolve();
        });
      });
    },
    end: () => Promise.resolve(),
  };
}

/** After an EPIPE Node destroys the stream; later writes fail with ERR_STREAM_DESTROYED. */
function isReaderGone(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
}
