import { EventEmitter } from 'eventemitter3';
import type { Logger } from './logger/logger.ts';
import type { NoticeName, Notices, Notify } from './notices/notices.ts';

/** Where notices are given and observed. */
export interface NoticeBoard {
  readonly notify: Notify;
  on<Name extends NoticeName>(name: Name, listener: (notice: Notices[Name]) => void): () => void;
}

/** A board on eventemitter3. A listener that throws is logged by name; the others and the hub go on. */
export function createNoticeBoard(logger: Logger): NoticeBoard {
  const emitter = new EventEmitter<Record<string, [unknown]>>();
  return {
    notify: (name, notice) => {
      emitter.emit(name, notice);
    },
    on(name, listener) {
      const guarded = (notice: unknown): void => {
        try {
          // Given under this very name by `notify`, whose type ties the two together.
          listener(notice as Notices[typeof name]);
        } catch (error) {
          logger.warn('a listener threw', { notice: name, error: error instanceof Error ? error.name : typeof error });
        }
      };
      emitter.on(name, guarded);
      return () => {
        emitter.off(name, guarded);
      };
    },
  };
}
