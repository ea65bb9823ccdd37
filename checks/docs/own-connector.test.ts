import { expect, it } from 'vitest';
import { completePlan, parseCommand } from '../../packages/create-connector/src/parse-command.ts';
import { templateFiles } from '../../packages/create-connector/src/template-files.ts';
import { readSourceTree } from '../architecture/source-tree.ts';
import { guideExcerpts, guideFiles, guideFlags, guideRemovals } from '../packaging/guide-files.ts';

const tree = readSourceTree();
const guide = tree.get('docs/guides/write-a-connector.md') ?? '';
const example = 'examples/own-connector/src/';

it('whoever follows the guide to connectors has the connector of the example', () => {
  const { plan } = parseCommand(guideFlags(guide));
  const made = new Map(templateFiles(completePlan(plan)).map(({ path, text }) => [path, text]));
  for (const path of guideRemovals(guide)) expect(made.delete(path), path).toBe(true);
  for (const { path, text } of guideFiles(guide)) made.set(path, text);
  // The example is no package of its own, and has no index for its connector.
  const sources = [...made].filter(([path]) => path.startsWith('src/') && path !== 'src/index.ts');
  const own = [...tree].filter(([path]) => path.startsWith(`${example}connector/`));
  expect(Object.fromEntries(own)).toEqual(
    Object.fromEntries(sources.map(([path, text]) => [path.replace('src/', `${example}connector/`), text])),
  );
});

it('what the guide to connectors shows of a host stands in the example', () => {
  const excerpts = guideExcerpts(guide);
  expect(excerpts.length).toBeGreaterThan(0);
  for (const excerpt of excerpts) expect(tree.get(`${example}main.ts`)).toContain(excerpt);
});
