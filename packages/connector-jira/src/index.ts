export { type JiraOptions, jira } from './jira.ts';
