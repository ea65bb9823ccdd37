import { EventEmitter } from 'eventemitter3';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { Logger } from './logger/logger.ts';
import type { NoticeName, Notices, Notify } from './notices/notices.ts';

/** Where notices are given and observed. */
export interface NoticeBoard {
  readonly notify: Notify;
  on<Name extends NoticeName>(name: Name, listener: (notice: Notices[Name]) => unknown): () => void;
}

/** A board on eventemitter3. A listener that throws, or whose promise rejects, is logged by name; the others and the hub go on. */
export function createNoticeBoard(logger: Logger): NoticeBoard {
  const emitter = new EventEmitter<Record<string, [unknown]>>();
  return {
    notify: (name, notice) => {
      // All listeners are handed the same notice, and none may change what the next one sees.
      if (emitter.listenerCount(name) > 0) emitter.emit(name, frozen(notice));
    },
    on(name, listener) {
      if (typeof listener !== 'function')
        throw new PatchbayError({ code: 'invalid_argument', message: `There is no function to call for ${name}. Pass one.` });
      const complain = (error: unknown): void => {
        logger.warn('a listener threw', { notice: name, error: error instanceof Error ? error.name : typeof error });
      };
      const guarded = (notice: unknown): void => {
        try {
          // Given under this very name by `notify`, whose type ties the two together.
          const answer = listener(notice as Notices[typeof name]);
          // A rejection that nobody handles would end the process.
          if (isThenable(answer)) Promise.resolve(answer).catch(complain);
        } catch (error) {
          complain(error);
        }
      };
      emitter.on(name, guarded);
      return () => {
        emitter.off(name, guarded);
      };
    },
  };
}

/** Nothing in a notice goes deeper than its error. */
function frozen<Notice extends object>(notice: Notice): Notice {
  if ('error' in notice) Object.freeze(notice.error);
  return Object.freeze(notice);
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
