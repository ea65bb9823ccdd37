import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixtureTree, readSourceTree, repositoryRoot } from '../architecture/source-tree.ts';
import { runCommand } from '../packaging/run-command.ts';
import { type CodeBlock, codeBlocks } from './code-blocks.ts';

// Inside this package, so that a block finds the packages of the workspace and zod as any program of a host would.
const folder = join(repositoryRoot, 'checks/.code-blocks');
const tsconfig = { extends: '../../tsconfig.base.json', compilerOptions: { moduleDetection: 'force' }, include: ['*.ts'] };
const nameOf = ({ document, line }: CodeBlock): string => `${document.replace(/[^A-Za-z0-9]/g, '-')}-${line}.ts`;

function write(blocks: readonly CodeBlock[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  for (const block of blocks) writeFileSync(join(folder, nameOf(block)), block.code);
}

/** What the compiler says of all blocks, a line each. */
const compile = (): Promise<readonly string[]> =>
  runCommand(process.execPath, [join(repositoryRoot, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'], {
    cwd: folder,
  }).then(
    () => [],
    (error: Error) => error.message.split('\n').filter((line) => line.includes('error TS') && !line.startsWith('../')),
  );
const start = (block: CodeBlock): Promise<string> => runCommand(process.execPath, [nameOf(block)], { cwd: folder });

const blocks = codeBlocks(readSourceTree());
const programs = blocks.filter(({ program }) => program);

describe('the code in the documents', () => {
  beforeAll(() => write(blocks));

  it('compiles', async () => expect(await compile()).toEqual([]));
  it('has a program in the README', () => expect(programs.map(({ document }) => document)).toContain('README.md'));
  it.each(programs)('runs: $document, line $line', async (block) => {
    await expect(start(block)).resolves.toBeTypeOf('string');
  });
});

describe('the reading of documents', () => {
  const text = '# Title\n\n```ts\nconst a: string = 1;\n```\n\n```sh\nnpm test\n```\n\n```ts run\nprocess.exit(3);\n```\n';
  const faulty = codeBlocks(fixtureTree({ 'docs/a.md': text, 'docs/a.txt': text }));

  it('finds the blocks and their lines', () => {
    expect(faulty.map(({ line, program }) => [line, program])).toEqual([
      [3, false],
      [11, true],
    ]);
  });

  it('sees a block that does not compile and a program that fails', async () => {
    write(faulty);
    expect(await compile()).toEqual([expect.stringContaining('docs-a-md-3.ts(1,7): error TS2322')]);
    await expect(start(faulty[1] ?? expect.fail())).rejects.toThrow();
  });
});
