import { spawn, type ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { ClientCommand } from '../client-command.ts';
import { cloudRows, type CloudOptions, type LoadedCloud } from '../../fixtures/cloud.ts';
import { cloudLines } from './cloud-text.ts';

/** Clients that fill one table each from their standard input. */
export interface FeedCommands {
  readonly images: ClientCommand;
  readonly properties: ClientCommand;
}

/** Characters that are gathered before they are written. */
const CHUNK = 1 << 18;

/**
 * Generates a cloud once and hands it to two clients at the same time, each filling its own table in one transaction. Memory does
 * not grow with the cloud.
 * @throws Error with what a client printed, where one fails or prints anything at all (LOAD DATA LOCAL makes warnings of errors).
 */
export async function feedCloud(options: CloudOptions, commands: FeedCommands): Promise<LoadedCloud> {
  const images = startClient(commands.images);
  const properties = startClient(commands.properties);
  const loaded = { images: 0, properties: 0 };
  const generate = async (): Promise<void> => {
    let imageText = '';
    let propertyText = '';
    for (const row of cloudRows(options)) {
      const lines = cloudLines(row);
      imageText += lines.image;
      propertyText += lines.properties;
      loaded.images += 1;
      loaded.properties += row.properties.length;
      if (imageText.length >= CHUNK) {
        await Promise.all([write(images, imageText), write(properties, propertyText)]);
        imageText = '';
        propertyText = '';
      }
    }
    images.input.end(imageText);
    properties.input.end(propertyText);
  };
  await Promise.all([generate(), images.ended, properties.ended]);
  return loaded;
}

interface Client {
  readonly input: Writable;
  readonly ended: Promise<void>;
}

function startClient([program, ...words]: ClientCommand): Client {
  const child: ChildProcess = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('a client without pipes');
  let printed = '';
  for (const stream of [stdout, stderr]) stream.on('data', (piece: Buffer) => (printed += piece.toString()));
  // A client that ends early says why; the pipe that breaks on it does not.
  stdin.on('error', () => {});
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0 && printed.trim() === '') resolve();
      else reject(new Error(`${program} ended with ${code ?? 'a signal'} and printed:\n${printed.slice(0, 4_000)}`));
    });
  });
  return { input: stdin, ended };
}

/** Waits for a client that is behind. One that has ended never takes more; `ended` says so, and nobody waits for this any longer. */
async function write({ input }: Client, text: string): Promise<void> {
  if (text === '' || input.write(text)) return;
  await new Promise<void>((resolve) => input.once('drain', resolve));
}
