import { describe } from 'vitest';
import { describeContent } from '../content-concern.ts';
import { describeOptions } from '../option-concern.ts';
import { shelfSubject, sourceDefects } from './shelf-sample.ts';

for (const defect of sourceDefects)
  describe(defect, () => {
    describeOptions(shelfSubject(defect));
    describeContent(shelfSubject(defect));
  });
