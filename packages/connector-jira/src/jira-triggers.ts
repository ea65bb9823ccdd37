import { attachmentCreated } from './triggers/attachment-created.ts';
import { commentCreated } from './triggers/comment-created.ts';
import { commentDeleted } from './triggers/comment-deleted.ts';
import { commentUpdated } from './triggers/comment-updated.ts';
import { issueAssigned } from './triggers/issue-assigned.ts';
import { issueCreated } from './triggers/issue-created.ts';
import { issueDeleted } from './triggers/issue-deleted.ts';
import { issueLinked } from './triggers/issue-linked.ts';
import { issueMatched } from './triggers/issue-matched.ts';
import { issueStatusChanged } from './triggers/issue-status-changed.ts';
import { issueUpdated } from './triggers/issue-updated.ts';
import { projectCreated } from './triggers/project-created.ts';
import { sprintClosed } from './triggers/sprint-closed.ts';
import { sprintStarted } from './triggers/sprint-started.ts';
import { versionReleased } from './triggers/version-released.ts';
import { worklogCreated } from './triggers/worklog-created.ts';

/** Everything that the connector tells of. */
export const jiraTriggers = {
  'issue.created': issueCreated,
  'issue.updated': issueUpdated,
  'issue.deleted': issueDeleted,
  'issue.status_changed': issueStatusChanged,
  'issue.assigned': issueAssigned,
  'issue.linked': issueLinked,
  'issue.matched': issueMatched,
  'comment.created': commentCreated,
  'comment.updated': commentUpdated,
  'comment.deleted': commentDeleted,
  'worklog.created': worklogCreated,
  'attachment.created': attachmentCreated,
  'sprint.started': sprintStarted,
  'sprint.closed': sprintClosed,
  'version.released': versionReleased,
  'project.created': projectCreated,
};

/** The names of those events. */
export type JiraTrigger = keyof typeof jiraTriggers;
