import { readFile } from 'node:fs/promises'
import t from 'tap'
import { parse } from 'yaml'
import { DOCUMENTATION, fromRoot, program } from './monitoring.ts'

const EXAMPLE = 'docker/providers/two-providers.json'
const keyFilesOf = (json: string) =>
  (JSON.parse(json) as { providers: Array<{ keyFile: string }> }).providers.map(({ keyFile }) => keyFile)

t.test('the key files of two providers are where Docker and compose mount them', async (t) => {
  const readme = await readFile(DOCUMENTATION, 'utf8')
  const keyFiles = keyFilesOf(await readFile(fromRoot(EXAMPLE), 'utf8'))
  t.equal(keyFiles.length, 2)
  const [command] = /docker run [^`]*two-providers\.json:[^`]*/.exec(readme)!
  for (const keyFile of keyFiles) {
    t.ok(command.includes(`:${keyFile}:ro`), `docker run: ${keyFile}`)
  }

  const [, script] = /^ *(sed '[^']+' docker\/providers\/two-providers\.json) > docker\/secrets\//m.exec(
    readme
  )!
  const { ok, text } = await program('sh', ['-e'], `cd '${fromRoot('.')}'\n${script}`)
  t.ok(ok)
  const names = [...readme.matchAll(/docker\/secrets\/([\w-]+-key)\b/g)].map(([, name]) => name)
  for (const file of ['compose.yaml', 'compose.replicas.yaml']) {
    const { services } = parse(await readFile(fromRoot(`docker/${file}`), 'utf8'), { merge: true })
    const mount = (services.server.volumes as string[]).find((volume) => volume.startsWith('./secrets:'))
    const [, folder] = mount!.split(':')
    for (const keyFile of keyFilesOf(text)) {
      t.ok(keyFile.startsWith(`${folder}/`), `${file}: ${keyFile}`)
      t.ok(
        names.includes(keyFile.slice(folder!.length + 1)),
        `${keyFile} is a file that the documentation makes`
      )
    }
  }
})
