import { addAssignees } from './actions/add-assignees.ts';
import { addCollaborator } from './actions/add-collaborator.ts';
import { addComment } from './actions/add-comment.ts';
import { addLabels } from './actions/add-labels.ts';
import { apiRead } from './actions/api-read.ts';
import { apiWrite } from './actions/api-write.ts';
import { createBranch } from './actions/create-branch.ts';
import { createGist } from './actions/create-gist.ts';
import { createIssue } from './actions/create-issue.ts';
import { createPullRequest } from './actions/create-pull-request.ts';
import { createRelease } from './actions/create-release.ts';
import { createReview } from './actions/create-review.ts';
import { deleteFile } from './actions/delete-file.ts';
import { dispatchRepositoryEvent } from './actions/dispatch-repository-event.ts';
import { dispatchWorkflow } from './actions/dispatch-workflow.ts';
import { getFile } from './actions/get-file.ts';
import { getIssue } from './actions/get-issue.ts';
import { getPullRequest } from './actions/get-pull-request.ts';
import { getPullRequestDiff } from './actions/get-pull-request-diff.ts';
import { getRepository } from './actions/get-repository.ts';
import { getWorkflowRun } from './actions/get-workflow-run.ts';
import { graphqlMutation } from './actions/graphql-mutation.ts';
import { graphqlQuery } from './actions/graphql-query.ts';
import { listIssues } from './actions/list-issues.ts';
import { listPullRequestFiles } from './actions/list-pull-request-files.ts';
import { listPullRequests } from './actions/list-pull-requests.ts';
import { listRepositories } from './actions/list-repositories.ts';
import { listWorkflowRuns } from './actions/list-workflow-runs.ts';
import { lockIssue } from './actions/lock-issue.ts';
import { mergePullRequest } from './actions/merge-pull-request.ts';
import { putFile } from './actions/put-file.ts';
import { removeLabel } from './actions/remove-label.ts';
import { requestReviewers } from './actions/request-reviewers.ts';
import { searchIssues } from './actions/search-issues.ts';
import { searchRepositories } from './actions/search-repositories.ts';
import { updateComment } from './actions/update-comment.ts';
import { updateIssue } from './actions/update-issue.ts';
import { updatePullRequest } from './actions/update-pull-request.ts';

/** What can be done at GitHub, by name. */
export const githubActions = {
  create_issue: createIssue,
  get_issue: getIssue,
  update_issue: updateIssue,
  list_issues: listIssues,
  lock_issue: lockIssue,
  add_comment: addComment,
  update_comment: updateComment,
  add_labels: addLabels,
  remove_label: removeLabel,
  add_assignees: addAssignees,
  create_pull_request: createPullRequest,
  get_pull_request: getPullRequest,
  update_pull_request: updatePullRequest,
  list_pull_requests: listPullRequests,
  merge_pull_request: mergePullRequest,
  get_pull_request_diff: getPullRequestDiff,
  list_pull_request_files: listPullRequestFiles,
  create_review: createReview,
  request_reviewers: requestReviewers,
  get_file: getFile,
  put_file: putFile,
  delete_file: deleteFile,
  create_branch: createBranch,
  create_release: createRelease,
  dispatch_workflow: dispatchWorkflow,
  get_workflow_run: getWorkflowRun,
  list_workflow_runs: listWorkflowRuns,
  dispatch_repository_event: dispatchRepositoryEvent,
  create_gist: createGist,
  search_issues: searchIssues,
  search_repositories: searchRepositories,
  get_repository: getRepository,
  list_repositories: listRepositories,
  add_collaborator: addCollaborator,
  api_read: apiRead,
  api_write: apiWrite,
  graphql_query: graphqlQuery,
  graphql_mutation: graphqlMutation,
};
