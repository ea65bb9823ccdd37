import { addAttachment } from './actions/add-attachment.ts';
import { addComment } from './actions/add-comment.ts';
import { addWatcher } from './actions/add-watcher.ts';
import { addWorklog } from './actions/add-worklog.ts';
import { apiRead } from './actions/api-read.ts';
import { apiWrite } from './actions/api-write.ts';
import { assignIssue } from './actions/assign-issue.ts';
import { bulkCreateIssues } from './actions/bulk-create-issues.ts';
import { createIssue } from './actions/create-issue.ts';
import { createRemoteLink } from './actions/create-remote-link.ts';
import { createVersion } from './actions/create-version.ts';
import { deleteAttachment } from './actions/delete-attachment.ts';
import { deleteComment } from './actions/delete-comment.ts';
import { deleteIssue } from './actions/delete-issue.ts';
import { findUsers } from './actions/find-users.ts';
import { getAttachment } from './actions/get-attachment.ts';
import { getChangelog } from './actions/get-changelog.ts';
import { getIssue } from './actions/get-issue.ts';
import { getProject } from './actions/get-project.ts';
import { getUser } from './actions/get-user.ts';
import { linkIssues } from './actions/link-issues.ts';
import { listAttachments } from './actions/list-attachments.ts';
import { listBoards } from './actions/list-boards.ts';
import { listComments } from './actions/list-comments.ts';
import { listComponents } from './actions/list-components.ts';
import { listFields } from './actions/list-fields.ts';
import { listIssueTypes } from './actions/list-issue-types.ts';
import { listProjects } from './actions/list-projects.ts';
import { listSprints } from './actions/list-sprints.ts';
import { listTransitions } from './actions/list-transitions.ts';
import { listVersions } from './actions/list-versions.ts';
import { listWorklogs } from './actions/list-worklogs.ts';
import { moveIssuesToSprint } from './actions/move-issues-to-sprint.ts';
import { notifyPeople } from './actions/notify-people.ts';
import { releaseVersion } from './actions/release-version.ts';
import { removeWatcher } from './actions/remove-watcher.ts';
import { searchIssues } from './actions/search-issues.ts';
import { transitionIssue } from './actions/transition-issue.ts';
import { updateComment } from './actions/update-comment.ts';
import { updateIssue } from './actions/update-issue.ts';

/** Everything that the connector does. */
export const jiraActions = {
  create_issue: createIssue,
  bulk_create_issues: bulkCreateIssues,
  get_issue: getIssue,
  update_issue: updateIssue,
  delete_issue: deleteIssue,
  search_issues: searchIssues,
  list_transitions: listTransitions,
  transition_issue: transitionIssue,
  assign_issue: assignIssue,
  link_issues: linkIssues,
  notify: notifyPeople,
  get_changelog: getChangelog,
  add_comment: addComment,
  list_comments: listComments,
  update_comment: updateComment,
  delete_comment: deleteComment,
  add_worklog: addWorklog,
  list_worklogs: listWorklogs,
  add_watcher: addWatcher,
  remove_watcher: removeWatcher,
  add_attachment: addAttachment,
  list_attachments: listAttachments,
  get_attachment: getAttachment,
  delete_attachment: deleteAttachment,
  create_remote_link: createRemoteLink,
  find_users: findUsers,
  get_user: getUser,
  list_projects: listProjects,
  get_project: getProject,
  list_issue_types: listIssueTypes,
  list_components: listComponents,
  list_versions: listVersions,
  create_version: createVersion,
  release_version: releaseVersion,
  list_boards: listBoards,
  list_sprints: listSprints,
  move_issues_to_sprint: moveIssuesToSprint,
  list_fields: listFields,
  api_read: apiRead,
  api_write: apiWrite,
};
