import { branchCreated } from './triggers/branch-created.ts';
import { branchDeleted } from './triggers/branch-deleted.ts';
import { checkRunCompleted } from './triggers/check-run-completed.ts';
import { commentCreated } from './triggers/comment-created.ts';
import { commitsPushed } from './triggers/commits-pushed.ts';
import { deploymentCreated } from './triggers/deployment-created.ts';
import { deploymentStatusChanged } from './triggers/deployment-status-changed.ts';
import { discussionCreated } from './triggers/discussion-created.ts';
import { issueAssigned } from './triggers/issue-assigned.ts';
import { issueClosed } from './triggers/issue-closed.ts';
import { issueDeleted } from './triggers/issue-deleted.ts';
import { issueEdited } from './triggers/issue-edited.ts';
import { issueLabeled } from './triggers/issue-labeled.ts';
import { issueOpened } from './triggers/issue-opened.ts';
import { issueReopened } from './triggers/issue-reopened.ts';
import { issueTransferred } from './triggers/issue-transferred.ts';
import { memberAdded } from './triggers/member-added.ts';
import { pullRequestClosed } from './triggers/pull-request-closed.ts';
import { pullRequestMerged } from './triggers/pull-request-merged.ts';
import { pullRequestOpened } from './triggers/pull-request-opened.ts';
import { releasePublished } from './triggers/release-published.ts';
import { repositoryCreated } from './triggers/repository-created.ts';
import { repositoryForked } from './triggers/repository-forked.ts';
import { repositoryStarred } from './triggers/repository-starred.ts';
import { reviewRequested } from './triggers/review-requested.ts';
import { reviewSubmitted } from './triggers/review-submitted.ts';
import { tagCreated } from './triggers/tag-created.ts';
import { tagDeleted } from './triggers/tag-deleted.ts';
import { workflowRunCompleted } from './triggers/workflow-run-completed.ts';

/** What GitHub tells of, by name. */
export const githubTriggers = {
  'issue.opened': issueOpened,
  'issue.closed': issueClosed,
  'issue.reopened': issueReopened,
  'issue.edited': issueEdited,
  'issue.labeled': issueLabeled,
  'issue.assigned': issueAssigned,
  'issue.deleted': issueDeleted,
  'issue.transferred': issueTransferred,
  'pull_request.opened': pullRequestOpened,
  'pull_request.merged': pullRequestMerged,
  'pull_request.closed': pullRequestClosed,
  'pull_request.review_requested': reviewRequested,
  'review.submitted': reviewSubmitted,
  'comment.created': commentCreated,
  'commits.pushed': commitsPushed,
  'branch.created': branchCreated,
  'branch.deleted': branchDeleted,
  'tag.created': tagCreated,
  'tag.deleted': tagDeleted,
  'release.published': releasePublished,
  'deployment.created': deploymentCreated,
  'deployment.status_changed': deploymentStatusChanged,
  'check_run.completed': checkRunCompleted,
  'workflow_run.completed': workflowRunCompleted,
  'repository.created': repositoryCreated,
  'repository.starred': repositoryStarred,
  'repository.forked': repositoryForked,
  'member.added': memberAdded,
  'discussion.created': discussionCreated,
};

/** The triggers of this connector. */
export type GithubTrigger = keyof typeof githubTriggers;
