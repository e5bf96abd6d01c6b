import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { parse } from 'yaml'
import { createConfig } from '../../lib/config/config.ts'
import { SECRET_FILES } from '../../lib/config/secret-files.ts'
import { SETTINGS } from '../../lib/config/settings.ts'
import { VERSION } from '../../lib/package.ts'
import { readExpression } from '../promql.ts'
import { RULES_FILE, renderRules } from '../tools/kubernetes-rules.ts'
import { KUBERNETES, containersOf, filesOf, readManifests, render } from './kustomize.ts'
import type { Manifest } from './kustomize.ts'
import { DOCUMENTATION } from './monitoring.ts'
import { errorsOf } from './kubernetes-schemas.ts'

const OVERLAYS = ['single', 'replicas', 'replicas-s3']
/** Files beside the kustomizations: a template, and values of a Helm chart. */
const APART = ['secret.example.yaml', 'prometheus-adapter-values.yaml']
/** The longest time that the service takes to stop, in seconds. */
const STOP_SECONDS = 11.5
/** A worker ends its runs, which may take five minutes. */
const WORKER_STOP_SECONDS = 303.5
const SECRETS = '/run/secrets/dalleserver'

const overlays = new Map(
  await Promise.all(
    OVERLAYS.map(async (name) => [name, await render(join(KUBERNETES, 'overlays', name))] as const)
  )
)
const nameOf = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`
const of = (manifests: Manifest[], ...kinds: string[]) => manifests.filter(({ kind }) => kinds.includes(kind))
const podsOf = (manifests: Manifest[]) =>
  of(manifests, 'Deployment', 'Job').map((manifest) => ({
    name: nameOf(manifest),
    labels: manifest.spec.template.metadata.labels,
    spec: manifest.spec.template.spec,
    container: containersOf(manifest)[0]
  }))
const selects = (selector: Record<string, string>, labels: Record<string, string>) =>
  Object.entries(selector).every(([label, value]) => labels[label] === value)

/** Runs the checks for each overlay. */
function eachOverlay(title: string, check: (t: Test, manifests: Manifest[], overlay: string) => void) {
  t.test(title, async (t) => {
    for (const [overlay, manifests] of overlays) {
      t.comment(overlay)
      check(t, manifests, overlay)
    }
  })
}

t.test('each manifest holds against the schema of its kind', async (t) => {
  const examples = await readManifests(join(KUBERNETES, 'secret.example.yaml'))
  for (const [overlay, manifests] of [...overlays, ['template', examples] as const]) {
    for (const manifest of manifests) {
      t.same(await errorsOf(manifest), [], `${overlay}: ${nameOf(manifest)}`)
    }
  }
  const [deployment] = of(overlays.get('single')!, 'Deployment')
  const broken = structuredClone(deployment)
  broken.spec.template.spec.enableServiceLink = false
  broken.spec.template.spec.containers[0].readinessProbe.httpGet.path = 8
  delete broken.spec.selector
  t.strictSame(
    (await errorsOf(broken)).sort(),
    [
      '/spec must have required property selector',
      '/spec/template/spec/containers/0/readinessProbe/httpGet/path must be string',
      '/spec/template/spec/enableServiceLink is not known'
    ],
    'a schema refuses what is wrong'
  )
})

t.test('each file is part of an overlay', async (t) => {
  const { all, named } = await filesOf(KUBERNETES)
  t.same(
    all.filter((file) => !APART.includes(file)).sort(),
    named.filter((name) => name.endsWith('.yaml')).sort()
  )
  for (const [overlay, manifests] of overlays) {
    t.equal(new Set(manifests.map(nameOf)).size, manifests.length, `${overlay} has no manifest twice`)
  }
  t.match(await readFile(join(KUBERNETES, '.gitignore'), 'utf8'), /^secret\.yaml$/m)
})

eachOverlay('a Pod may do nothing but its work', (t, manifests) => {
  for (const { name, spec, container } of podsOf(manifests)) {
    t.match(
      spec,
      {
        enableServiceLinks: false,
        automountServiceAccountToken: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1000,
          runAsGroup: 1000,
          fsGroup: 1000,
          seccompProfile: { type: 'RuntimeDefault' }
        }
      },
      name
    )
    t.same(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] }
    })
    t.match(container.resources, { requests: { cpu: String, memory: String }, limits: { memory: String } })
    t.equal(container.image, `registry.example/dalleserver:${VERSION}`)
    t.ok(
      of(manifests, 'ServiceAccount').some(({ metadata }) => metadata.name === spec.serviceAccountName),
      'its account exists'
    )
  }
})

eachOverlay('a process starts, is found, and stops in its own time', (t, manifests) => {
  for (const { metadata, spec } of of(manifests, 'Deployment')) {
    const { name } = metadata
    const { containers, terminationGracePeriodSeconds: grace } = spec.template.spec
    const [{ ports, startupProbe, livenessProbe, readinessProbe, lifecycle }] = containers
    t.same(ports, [{ name: 'http', containerPort: 8080 }])
    for (const probe of [startupProbe, livenessProbe, readinessProbe]) t.equal(probe.httpGet.port, 'http')
    t.match(
      { startupProbe, livenessProbe, readinessProbe },
      {
        startupProbe: { httpGet: { path: '/healthz' } },
        livenessProbe: { httpGet: { path: '/healthz' } },
        readinessProbe: { httpGet: { path: '/readyz' } }
      }
    )
    t.ok(startupProbe.periodSeconds * startupProbe.failureThreshold >= 120, 'a large folder may be read')
    const pause = Number(lifecycle?.preStop.exec.command[1] ?? 0)
    const longest = name === 'dalleserver-worker' ? WORKER_STOP_SECONDS : STOP_SECONDS
    t.ok(grace > pause + longest, `${name} ends by itself`)
    t.ok(selects(spec.selector.matchLabels, spec.template.metadata.labels), `${name} selects its Pods`)
    for (const { labelSelector } of spec.template.spec.topologySpreadConstraints ?? []) {
      t.same(labelSelector.matchLabels, spec.selector.matchLabels)
    }
  }
})

eachOverlay('what a manifest names exists', (t, manifests) => {
  const names = (kind: string) => of(manifests, kind).map(({ metadata }) => metadata.name)
  const pods = podsOf(manifests)
  for (const { name, spec, container } of pods) {
    for (const { configMapRef } of container.envFrom ?? []) {
      t.ok(names('ConfigMap').includes(configMapRef.name), name)
    }
    const volumes = new Map<string, Manifest>(spec.volumes.map((volume: Manifest) => [volume.name, volume]))
    t.same(
      container.volumeMounts.map((mount: Manifest) => mount.name).sort(),
      [...volumes.keys()].sort(),
      name
    )
    for (const { persistentVolumeClaim: claim } of volumes.values()) {
      if (claim !== undefined) t.ok(names('PersistentVolumeClaim').includes(claim.claimName), name)
    }
  }
  for (const { metadata, spec } of of(manifests, 'Service')) {
    const selected = pods.filter(({ labels }) => selects(spec.selector, labels))
    t.ok(selected.length > 0, `Service ${metadata.name} has Pods`)
    for (const { container } of selected) {
      for (const { targetPort } of spec.ports) {
        t.ok(container.ports.some(({ name }: { name: string }) => name === targetPort))
      }
    }
  }
  const services = of(manifests, 'Service')
  for (const { spec } of of(manifests, 'Ingress')) {
    for (const { backend } of spec.rules.flatMap(({ http }: Manifest) => http.paths)) {
      const service = services.find(({ metadata }) => metadata.name === backend.service.name)
      t.ok(service?.spec.ports.some(({ name }: { name: string }) => name === backend.service.port.name))
    }
  }
  for (const { spec } of of(manifests, 'ServiceMonitor')) {
    const found = services.filter(({ metadata }) => selects(spec.selector.matchLabels, metadata.labels))
    t.equal(found.length, 1, 'each process is scraped once')
    t.equal(
      found[0].metadata.labels[spec.jobLabel],
      'dalleserver',
      'the job that rules and dashboards ask for'
    )
    t.ok(found[0].spec.ports.some(({ name }: { name: string }) => name === spec.endpoints[0].port))
    const processes = of(manifests, 'Deployment').map((each) => each.spec.template.metadata.labels)
    for (const labels of processes) t.ok(selects(found[0].spec.selector, labels))
  }
  for (const { metadata, spec } of of(manifests, 'PodDisruptionBudget', 'NetworkPolicy')) {
    const { matchLabels } = spec.selector ?? spec.podSelector
    t.ok(
      pods.some(({ labels }) => selects(matchLabels, labels)),
      metadata.name
    )
  }
  for (const { spec } of of(manifests, 'HorizontalPodAutoscaler')) {
    const { name } = spec.scaleTargetRef
    const target = of(manifests, 'Deployment').find(({ metadata }) => metadata.name === name)
    t.notOk('replicas' in target.spec, `nothing else sets the number of ${name}`)
    t.ok(spec.minReplicas >= 2 && spec.maxReplicas > spec.minReplicas)
  }
})

eachOverlay('settings and secrets are those of the service', (t, manifests) => {
  for (const { name, container } of podsOf(manifests)) {
    const [{ data }] = of(manifests, 'ConfigMap')
    const values = {
      ...data,
      ...Object.fromEntries((container.env ?? []).map((v: Manifest) => [v.name, v.value]))
    }
    const files = Object.entries<string>(values).filter(([variable]) => variable.endsWith('_FILE'))
    for (const [variable, path] of files) {
      t.ok(
        SECRET_FILES.some(({ file }) => file === variable),
        `${name}: ${variable}`
      )
      t.match(path, new RegExp(`^${SECRETS}/[a-z0-9-]+$`))
    }
    const others = Object.fromEntries(
      Object.entries<string>(values).filter(([variable]) => !variable.endsWith('_FILE'))
    )
    for (const variable of Object.keys(others)) {
      t.ok(
        SETTINGS.some(([known, { secret }]) => known === variable && !secret),
        `${name}: ${variable}`
      )
    }
    const url = 'postgres://user:password@host:5432/database'
    const secrets = files.map(([variable]) => [
      variable.replace(/_FILE$/, ''),
      /URL/.test(variable) ? url : 'x'
    ])
    t.ok(createConfig({ ...others, ...Object.fromEntries(secrets) }), name)
  }
})

t.test('each secret of the template is a file that a setting names, and no value is real', async (t) => {
  const [{ stringData }] = await readManifests(join(KUBERNETES, 'secret.example.yaml'))
  const texts = await Promise.all(
    ['base/settings.yaml', 'overlays/replicas/servers.yaml', 'overlays/replicas-s3/kustomization.yaml'].map(
      async (name) => await readFile(join(KUBERNETES, name), 'utf8')
    )
  )
  const named = [...texts.join('\n').matchAll(new RegExp(`${SECRETS}/([a-z0-9-]+)`, 'g'))].map(
    ([, key]) => key!
  )
  t.same(Object.keys(stringData).sort(), [...new Set(named)].sort())
  for (const [key, value] of Object.entries<string>(stringData)) t.match(value, /<.+>/, key)
})

t.test('one process replaces another, and several roll', async (t) => {
  const single = overlays.get('single')!
  t.match(of(single, 'Deployment')[0].spec, { replicas: 1, strategy: { type: 'Recreate' } })
  t.same(of(single, 'PersistentVolumeClaim')[0].spec.accessModes, ['ReadWriteOnce'])
  t.same(of(single, 'PodDisruptionBudget', 'HorizontalPodAutoscaler', 'Job'), [])

  for (const overlay of OVERLAYS.filter((name) => name !== 'single')) {
    const manifests = overlays.get(overlay)!
    const deployments = of(manifests, 'Deployment')
    const roles = deployments.map((each) =>
      containersOf(each)[0].env.find((v: Manifest) => v.name === 'TB_DALLE_ROLE')
    )
    t.same(
      roles.map(({ value }) => value),
      ['http', 'worker']
    )
    for (const { spec } of deployments) {
      t.match(spec.strategy, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0 } })
    }
    t.same(containersOf(of(manifests, 'Job')[0])[0].args, ['migrate'])
    const claims = of(manifests, 'PersistentVolumeClaim').map(({ spec }) => spec.accessModes)
    t.same(claims, overlay === 'replicas' ? [['ReadWriteMany']] : [])
    t.equal(of(manifests, 'PodDisruptionBudget').length, 2)
  }
})

eachOverlay('events pass at once, and requests may wait for a run', (t, manifests) => {
  const [{ metadata }] = of(manifests, 'Ingress')
  const { annotations } = metadata
  t.equal(annotations['nginx.ingress.kubernetes.io/proxy-buffering'], 'off')
  const lockTtlSeconds = createConfig({}).lockTtlMs / 1000
  for (const direction of ['read', 'send']) {
    t.ok(Number(annotations[`nginx.ingress.kubernetes.io/proxy-${direction}-timeout`]) > lockTtlSeconds)
  }
})

t.test('the rules and the queue of the autoscaler are those of docker/prometheus', async (t) => {
  t.equal(await readFile(RULES_FILE, 'utf8'), await renderRules(), 'npm run dashboards writes it')
  const values = parse(await readFile(join(KUBERNETES, 'prometheus-adapter-values.yaml'), 'utf8'))
  const [{ seriesQuery, name, metricsQuery }] = values.rules.external
  const [selector] = readExpression(seriesQuery).selectors
  t.match(await readFile(DOCUMENTATION, 'utf8'), new RegExp(selector!.metric))
  t.equal(metricsQuery, 'max(<<.Series>>{<<.LabelMatchers>>})')
  const [external] = of(overlays.get('replicas')!, 'HorizontalPodAutoscaler')
    .flatMap(({ spec }) => spec.metrics)
    .filter(({ type }) => type === 'External')
  t.equal(external.external.metric.name, name.as)
})
