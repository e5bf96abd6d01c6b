// All of culori in one file. Its ES modules are 150 files, which take a tenth of the time to start.
declare module 'culori/require' {
  import * as culori from 'culori'

  export default culori
}
