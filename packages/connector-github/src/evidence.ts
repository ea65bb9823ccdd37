import type { Json } from '@patchbay/core';
import type { EvidenceNote, EvidenceReader } from '@patchbay/core/host';
import { z } from 'zod';
import type { GithubTrigger } from './github-triggers.ts';
import { checkRunCompleted } from './triggers/check-run-completed.ts';
import { commitsPushed } from './triggers/commits-pushed.ts';
import { deploymentCreated } from './triggers/deployment-created.ts';
import { deploymentStatusChanged } from './triggers/deployment-status-changed.ts';
import { pullRequestMerged } from './triggers/pull-request-merged.ts';

/** Commits of one push that are told of: the last ones. */
const mostCommits = 20;

const push = commitsPushed.payload;
const merge = pullRequestMerged.payload;
const deployment = deploymentCreated.payload;
const repositoryUrl = z.object({ repository: z.object({ html_url: z.string() }) });

/** The first line of a commit's message. */
const headline = (message: string): string => message.split('\n', 1)[0] ?? '';

/** Where the repository is, for links that a delivery does not hold. */
const pageOf = (data: Json, fullName: string): string =>
  repositoryUrl.safeParse(data).data?.repository.html_url ?? `https://github.com/${fullName}`;

function commits(data: Json): readonly EvidenceNote[] {
  const read = push.safeParse(data).data;
  if (read === undefined) return [];
  const subjects = { repository: read.repository.full_name };
  return read.commits.slice(-mostCommits).map(({ message, url }) => ({ kind: 'commit', title: headline(message), url, subjects }));
}

function merged(data: Json): readonly EvidenceNote[] {
  const read = merge.safeParse(data).data;
  if (read === undefined) return [];
  const { title, html_url: url } = read.pull_request;
  return [{ kind: 'pull_request', title: `#${read.number} ${title}`, url, subjects: { repository: read.repository.full_name } }];
}

function deployed(data: Json): readonly EvidenceNote[] {
  const read = deployment.safeParse(data).data;
  if (read === undefined) return [];
  const { environment, ref, sha } = read.deployment;
  const { full_name: repository } = read.repository;
  const title = `${ref === sha ? sha.slice(0, 7) : ref} to ${environment}`;
  return [{ kind: 'deployment', title, url: `${pageOf(data, repository)}/commit/${sha}`, subjects: { repository, environment } }];
}

const failedChecks: ReadonlySet<string | null> = new Set(['failure', 'timed_out', 'startup_failure']);
const failedDeployments: ReadonlySet<string> = new Set(['failure', 'error']);

/** What of GitHub's events may have brought a failure about, and which are failures: a check that failed, a deployment that did. */
export const githubEvidence: { readonly [Trigger in GithubTrigger]?: EvidenceReader } = {
  'commits.pushed': { evidence: commits },
  'pull_request.merged': { evidence: merged },
  'deployment.created': { evidence: deployed },
  'deployment.status_changed': {
    failure(data) {
      const read = deploymentStatusChanged.payload.safeParse(data).data;
      if (read === undefined || !failedDeployments.has(read.deployment_status.state)) return null;
      return { repository: read.repository.full_name, environment: read.deployment.environment };
    },
  },
  'check_run.completed': {
    failure(data) {
      const read = checkRunCompleted.payload.safeParse(data).data;
      return read !== undefined && failedChecks.has(read.check_run.conclusion) ? { repository: read.repository.full_name } : null;
    },
  },
};
