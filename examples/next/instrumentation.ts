/** Next calls it once when a server process starts: here it becomes a worker. On a serverless platform `/api/work` does the work instead. */
export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] === 'edge') return;
  const { hub } = await import('./src/hub.ts');
  await hub().start();
}
