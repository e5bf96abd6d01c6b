import type { Manifest } from './kustomize.ts'

interface Model {
  validate: () => void
}

/** kubernetes-models has a class for each kind, with the JSON schema of Kubernetes compiled to a function. */
async function classOf({ apiVersion, kind }: Manifest): Promise<new (data: Manifest) => Model> {
  const path = `${apiVersion}/${kind}`
  const isOfOperator = apiVersion.startsWith('monitoring.coreos.com/')
  const name = isOfOperator ? `@kubernetes-models/prometheus-operator/${path}` : `kubernetes-models/${path}`
  const module = (await import(name)) as Record<string, new (data: Manifest) => Model>
  return module[kind]!
}

/**
 * What the schema of its kind has against a manifest: one line for each error, and for each key that it does not know.
 * The schemas allow other keys, as Kubernetes does, which leaves them out. A key that a schema never reads is one.
 */
export async function errorsOf(manifest: Manifest): Promise<string[]> {
  const Kind = await classOf(manifest)
  const model = new Kind(structuredClone(manifest))
  const read = new Set<string>()
  const errors: string[] = []
  try {
    ;(recorded(model, '', read) as Model).validate()
  } catch (error) {
    const { message } = error as Error
    errors.push(...message.split(/, (?=data)/).map((line) => line.replace(/^data/, '')))
  }
  return [...errors, ...unread(model, '', read)]
}

/** The same value, which notes the paths of all that is read of it. */
function recorded(value: unknown, path: string, read: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value
  return new Proxy(value, {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return Reflect.get(target, key, receiver)
      read.add(`${path}/${key}`)
      return recorded(Reflect.get(target, key), `${path}/${key}`, read)
    }
  })
}

function unread(value: unknown, path: string, read: Set<string>): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) => {
    const own = `${path}/${key}`
    return read.has(own) ? unread(child, own, read) : [`${own} is not known`]
  })
}
