import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { systemClock } from '../src/common/clock.ts';
import { untilAborted, withDeadline } from '../src/common/waiting.ts';

/** Keeps the process from doing anything, as a stop of it does. */
function standStill(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

test('a process that stood still reads the answer that has come meanwhile before it takes it for late', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asking = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [[answering]] = await Promise.all([once(server, 'connection'), once(asking, 'connect')]);
  const limit = { clock: systemClock, timeout: 1_000 };
  const answered = withDeadline(
    limit,
    () => new Error('late'),
    (end) => untilAborted(once(asking, 'data'), end),
  );
  answering.write('the answer');
  standStill(1_500);
  expect(String(await answered)).toBe('the answer');
  asking.destroy();
  server.close();
});

test('what never answers is late', async () => {
  const never = new Promise<never>(() => {});
  const limit = { clock: systemClock, timeout: 20 };
  await expect(
    withDeadline(
      limit,
      () => new Error('late'),
      (end) => untilAborted(never, end),
    ),
  ).rejects.toThrow('late');
});
