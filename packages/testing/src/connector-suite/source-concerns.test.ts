import { beforeAll, describe, expect, it } from 'vitest';
import { runSamples } from './__fixtures__/run-samples.ts';
import { type SourceDefect, shelfSubject, sourceDefects } from './__fixtures__/shelf-sample.ts';
import { describeContent } from './content-concern.ts';
import { describeOptions } from './option-concern.ts';

// A sound connector passes.
describeOptions(shelfSubject());
describeContent(shelfSubject());

const expected: Readonly<Record<SourceDefect, readonly string[]>> = {
  lists_without_end: [
    'are listed to an end, in bounded pages, each value once',
    'change nothing at the service, and show no credential',
    'are searched',
    'offer nothing to a connection that is confined to no shelf',
    'offer a confined connection only some of them',
  ],
  lists_a_place_twice: ['are listed to an end, in bounded pages, each value once'],
  changes_while_it_lists: ['change nothing at the service, and show no credential'],
  searches_for_nothing: ['are searched'],
  leaves_a_source_out: ['have a case for each source', 'of kinds of resources have a case that is confined to some'],
  reads_without_end: [
    'is read to an end, each document once',
    'gives after a cursor what has changed since, and nothing that is older',
    'gives the same from the same cursor, also after the service has failed',
    'tells of what is gone',
    'changes nothing at the service, and shows no credential',
    'stays with the containers that the connection is confined to',
  ],
  reads_twice: ['is read to an end, each document once'],
  reads_all_again: ['gives after a cursor what has changed since, and nothing that is older'],
  takes_failure_for_the_end: [
    'gives the same from the same cursor, also after the service has failed',
    'fails with a credential that the service refuses',
  ],
  writes_while_it_reads: ['changes nothing at the service, and shows no credential'],
  forgets_what_is_gone: ['tells of what is gone'],
  never_says_what_is_gone: ['of books says how documents go: when it is read, by events, or by reading all of it again'],
  takes_nothing_out_of_events: ['is told by the delivery burnt what is gone'],
};

describe('the concerns of sources with a defective connector', () => {
  let resultsOf: ReturnType<typeof runSamples>;
  beforeAll(() => {
    resultsOf = runSamples('defective-sources.ts');
  }, 120_000);

  it('fail exactly where the defect is', () => {
    const failed = (defect: SourceDefect) => resultsOf(defect).filter(({ status }) => status === 'failed');
    expect(Object.fromEntries(sourceDefects.map((defect) => [defect, failed(defect).map(({ title }) => title)]))).toEqual(expected);
  });
});
