import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'

const Status = Type.Union([Type.Literal('healthy'), Type.Literal('degraded'), Type.Literal('unhealthy')])
const Timestamp = Type.String({ format: 'date-time' })

const ComponentSchema = Type.Object({
  name: Type.String(),
  status: Status,
  last_checked: Timestamp,
  duration_ms: Type.Integer({ minimum: 0 }),
  message: Type.Optional(Type.String()),
  details: Type.Optional(Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])))
})

export const HealthSchema = Type.Object(
  {
    status: Status,
    timestamp: Timestamp,
    version: Type.String(),
    uptime_seconds: Type.Integer({ minimum: 0 }),
    components: Type.Object({
      filesystem: ComponentSchema,
      openai: ComponentSchema,
      memory: ComponentSchema,
      disk_space: ComponentSchema,
      engine: Type.Optional(ComponentSchema),
      budget: Type.Optional(ComponentSchema),
      pictures: Type.Optional(ComponentSchema)
    }),
    system: Type.Object({
      memory: Type.Object({
        alloc_bytes: Type.Integer({ description: 'Heap in use' }),
        total_alloc_bytes: Type.Integer({ description: 'Heap reserved' }),
        sys_bytes: Type.Integer({ description: 'Resident memory of the process' }),
        num_gc: Type.Integer({ description: 'Garbage collections since the start' })
      }),
      goroutines: Type.Integer({
        description: 'What the event loop waits for: sockets, timers, file operations'
      }),
      gomaxprocs: Type.Integer({ description: 'CPUs that the process may use' }),
      cpus: Type.Integer(),
      node: Type.String()
    })
  },
  { $id: 'Health' }
)

export const LivenessSchema = Type.Object({
  status: Type.Literal('alive'),
  timestamp: Timestamp,
  uptime: Type.Number({ description: 'Seconds' })
})
export const ReadinessSchema = Type.Object({ status: Type.Literal('ready'), timestamp: Timestamp })

export type Health = Static<typeof HealthSchema>
export type HealthStatus = Health['status']
export type ComponentHealth = Static<typeof ComponentSchema>
