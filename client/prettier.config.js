import * as svelte from 'prettier-plugin-svelte';

export default {
  singleQuote: true,
  printWidth: 100,
  // The module, not its name: a name is looked up from the working directory, which is the repository's root.
  plugins: [svelte],
  overrides: [{ files: '*.svelte', options: { parser: 'svelte' } }],
};
