import cluster from 'node:cluster';

// Four processes behind one port.
const processes = 4;
cluster.setupPrimary({ exec: `${import.meta.dirname}/service.ts` });
for (let started = 0; started < processes; started++) cluster.fork();

let listening = 0;
cluster.on('listening', (_worker, { port }) => {
  if (++listening === processes) console.log(`${processes} processes on http://localhost:${port}`);
});
cluster.on('exit', (_worker, code) => (process.exitCode ||= code));

// Each ends by itself: see service.ts.
const end = (): void => Object.values(cluster.workers ?? {}).forEach((worker) => worker?.process.kill('SIGTERM'));
process.once('SIGTERM', end).once('SIGINT', end);
