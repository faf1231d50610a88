#!/usr/bin/env node

await (await program()).parseAsync(process.argv);

/** Scripts call the encryption for file after file: it starts without all the rest, which takes a third of a second. */
async function program() {
  if (process.argv[2] !== 'crypt4gh') return (await import('./program.ts')).createProgram();
  const [{ bareProgram }, { crypt4gh }] = await Promise.all([
    import('./bare-program.ts'),
    import('./commands/crypt4gh.ts'),
  ]);
  const alone = bareProgram();
  crypt4gh(alone);
  return alone;
}
