export { type GithubOptions, github } from './github.ts';
