/** The layers: routes → plugins → lib, and the rooms of lib, none of which may import itself through another. */
export default {
  forbidden: [
    {
      name: 'no-circle-of-files',
      severity: 'error',
      from: {},
      to: { circular: true }
    },
    {
      name: 'no-circle-of-rooms',
      severity: 'error',
      scope: 'folder',
      from: { path: '^lib' },
      to: { circular: true }
    },
    {
      name: 'lib-knows-no-fastify-and-no-layer-above',
      severity: 'error',
      from: { path: '^lib/' },
      to: {
        path: ['^plugins/', '^routes/', '^(app|index|server)\\.ts$', '^node_modules/(@fastify|fastify)[/-]']
      }
    },
    {
      name: 'plugins-know-no-routes',
      severity: 'error',
      from: { path: '^plugins/' },
      to: { path: ['^routes/', '^(app|index|server)\\.ts$'] }
    },
    {
      name: 'routes-know-no-app',
      severity: 'error',
      from: { path: '^routes/' },
      to: { path: '^(app|index|server)\\.ts$' }
    },
    {
      name: 'no-vague-rooms',
      severity: 'error',
      from: {},
      to: {
        path: '(^|/)(utils?|helpers?|common|misc)(/|\\.[jt]s$)',
        pathNot: ['^node_modules/', '^test/helper\\.ts$']
      }
    },
    {
      name: 'the-product-knows-no-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' }
    }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Type imports tie files to each other as well.
    tsPreCompilationDeps: true
  }
}
