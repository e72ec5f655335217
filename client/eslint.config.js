import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

// The browser's imports run one way: ui → state → sync, canvas → protocol. Each entry says what a folder may not know.
const walls = [
  {
    files: ['protocol/**/*.ts'],
    ignores: ['protocol/**/*.test.ts'],
    unknown: '^(?!\\.{1,2}/)|/client/',
    message: 'protocol is the contract: it knows only itself and the standard library.',
  },
  {
    files: ['client/src/sync/**/*.ts'],
    unknown: '/(canvas|state|ui)/|^svelte',
    message: 'sync knows the protocol alone: neither canvas nor Svelte.',
  },
  {
    files: ['client/src/canvas/**/*.ts'],
    unknown: '/(sync|state|ui)/|^svelte|^idb$',
    message: 'canvas knows the protocol alone: neither sync nor Svelte.',
  },
  {
    files: ['client/src/state/**/*.ts'],
    unknown: '/ui/',
    message: 'state is what ui stands on: it does not know its user.',
  },
];

// Run from the repository's root (npm run lint does), so that protocol/ lies below the base path.
export default defineConfig(
  globalIgnores(['client/dist/', 'client/test-results/', 'client/playwright-report/']),
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  ts.configs.stylisticTypeChecked,
  svelte.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: {
        // Not the project service: it would look for protocol's tsconfig upwards, and find none.
        project: './tsconfig.json',
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      'no-undef': 'off', // the type checker knows better
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // noPropertyAccessFromIndexSignature is a matter of taste that index signatures of wire objects would pay for.
      '@typescript-eslint/dot-notation': 'off',
      // Text is counted in code points, in both languages.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // An empty text is as good as none.
      '@typescript-eslint/prefer-nullish-coalescing': [
        'error',
        { ignorePrimitives: { string: true } },
      ],
      // void reads a signal for the sake of hearing from it again.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // It asks for the ! that is forbidden above.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // A class with nothing but private state may still be what an interface asks for.
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'svelte/require-each-key': 'error',
      // State is $state.raw and replaced whole: a signal per entry of a Set would be told twice.
      'svelte/prefer-svelte-reactivity': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "SvelteAttribute[key.name='style']",
          message: "Blocked by style-src 'self': use a class or style:name={value}.",
        },
      ],
    },
  },
  walls.map(({ files, ignores = [], unknown, message }) => ({
    files,
    ignores,
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: unknown, message }] }],
    },
  })),
  {
    // These run under node as well: what they need of the page they are handed.
    files: ['protocol/**/*.ts', 'client/src/{sync,canvas}/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'window',
        'document',
        'navigator',
        'location',
        'localStorage',
      ],
    },
  },
  {
    // Not part of the TypeScript program: the worker's globals are not the page's, and lucide is there for one run only.
    files: ['client/src/sw.js', 'client/build/icons.js', 'client/bench/*.mjs', 'scripts/*.mjs'],
    extends: [ts.configs.disableTypeChecked],
  },
  {
    // What they measure is what they print.
    files: ['client/bench/*.mjs'],
    rules: { 'no-console': 'off' },
  },
);
