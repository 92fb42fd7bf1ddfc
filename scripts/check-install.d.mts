export function problemsOfInstall(tarball: string): Promise<string[]>
export function installFresh(folder: string): void
