// npm run dev: the server from source; tsx starts it again when a file changes.
import { compileClientScripts } from './client-scripts.ts'

compileClientScripts()
await import('../../server.ts')
