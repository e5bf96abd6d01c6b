import neostandard, { plugins, resolveIgnoresFromGitignore } from 'neostandard'

/** Prettier's print width is shorter, but Prettier leaves comments and template literals as they are. */
const MAX_COLUMNS = 120
const MAX_FILE_LINES = 400
const MAX_FUNCTION_LINES = 80

/**
 * Limits the lines of code of a function, without blank lines, comments and the functions inside it. ESLint's own
 * `max-lines-per-function` counts inner functions as well, so a factory would have to be as short as one function.
 */
const maxOwnLines = {
  create(context) {
    const nested = []
    const enter = () => nested.push(0)
    const exit = (node) => {
      const lines = new Set(context.sourceCode.getTokens(node).map(({ loc }) => loc.start.line)).size
      const own = lines - nested.pop()
      if (nested.length > 0) nested[nested.length - 1] += lines - 1
      if (own > MAX_FUNCTION_LINES) {
        context.report({
          node,
          message: `This function has ${own} lines; at most ${MAX_FUNCTION_LINES} are allowed`
        })
      }
    }
    return {
      ':function': enter,
      ':function:exit': exit
    }
  }
}

export default [
  ...neostandard({ ts: true, noStyle: true, ignores: resolveIgnoresFromGitignore() }),
  {
    plugins: { house: { rules: { 'max-own-lines': maxOwnLines } } },
    rules: {
      'house/max-own-lines': 'error',
      'max-len': ['error', { code: MAX_COLUMNS }],
      'max-lines': ['error', MAX_FILE_LINES]
    }
  },
  {
    files: ['app.ts', 'index.ts', 'lib/**', 'plugins/**', 'routes/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only server.ts reads it. Use the configuration.' },
        { object: 'process', property: 'argv', message: 'Only server.ts reads it. Use the configuration.' }
      ]
    }
  },
  {
    files: ['**/*.ts'],
    plugins: { '@typescript-eslint': plugins['typescript-eslint'].plugin },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      // tap waits for its subtests by itself.
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', package: '@tapjs/test', name: 'test' }] }
      ],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error'
    }
  }
]
