export function problemsOfInstall(tarball: string): Promise<string[]>
export function install(tarball: string, folder: string): void
