import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createUsageMeter } from '../../src/db/database.ts';

class CountedSocket extends EventEmitter {
  bytesWritten = 0;
  bytesRead = 0;
}

describe('a meter of connections', () => {
  it('adds up statements and the bytes of open and closed sockets', () => {
    const meter = createUsageMeter();
    const [first, second] = [new CountedSocket(), new CountedSocket()];
    meter.watch(first);
    meter.watch(second);
    meter.count(1);
    meter.count(2);
    first.bytesWritten = 100;
    first.bytesRead = 10;
    first.emit('close');
    second.bytesWritten = 7;
    expect(meter.read()).toEqual({ statements: 3, bytesSent: 107, bytesReceived: 10 });
    // A closed socket's bytes count once.
    second.emit('close');
    expect(meter.read()).toEqual({ statements: 3, bytesSent: 107, bytesReceived: 10 });
  });
});
