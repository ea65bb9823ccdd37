/** The sources of `expression-bounds`: those that core's own tests hold the evaluator to, so that what is measured is what is tested. */
export { attackExpressions } from '../../../packages/core/src/expression/__fixtures__/attack-expressions.ts';
export { bombScope, compileBombs, costBombs } from '../../../packages/core/src/expression/__fixtures__/cost-bombs.ts';
export { longTexts, slowPatterns } from '../../../packages/core/src/expression/__fixtures__/slow-patterns.ts';
