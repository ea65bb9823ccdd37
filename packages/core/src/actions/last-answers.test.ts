import { expect, it } from 'vitest';
import { createLastAnswers } from './last-answers.ts';

const answer = (output: string | null) => ({ output, givenAt: 0, at: 0 });

it('holds the last answer of each name', () => {
  const answers = createLastAnswers();
  answers.keep('a', answer('1'));
  answers.keep('a', answer('2'));
  expect(answers.find('a')?.output).toBe('2');
  expect(answers.find('b')).toBeUndefined();
});

it('holds 16 MiB at most, forgets what was used longest ago first, and keeps nothing that would take a quarter of it', () => {
  const answers = createLastAnswers();
  const megabyte = 'x'.repeat(524_288);
  for (let number = 0; number < 15; number += 1) answers.keep(`n${number}`, answer(megabyte));
  expect(answers.find('n0')).toBeDefined();
  for (let number = 15; number < 18; number += 1) answers.keep(`n${number}`, answer(megabyte));
  expect(answers.find('n0')).toBeDefined();
  expect(answers.find('n1')).toBeUndefined();
  answers.keep('n0', answer('x'.repeat(2_200_000)));
  expect(answers.find('n0')).toBeUndefined();
  expect(answers.find('n17')).toBeDefined();
});
