import { parse, formats } from './src/index.js'
const tools = {get_weather:{type:'object',properties:{city:{type:'string'},days:{type:'integer'}},required:['city']},write_file:{type:'object',properties:{path:{type:'string'},content:{type:'string'}},required:['path','content']},delete_all:{type:'object',properties:{scope:{type:'string'}}}, list_files:{type:'object',properties:{}} }
const [f, t] = process.argv.slice(2)
const r = parse(JSON.parse(t!), {format: f!, tools})
console.log(JSON.stringify({status:r.status,format:r.format,content:r.content,reasoning:r.reasoning||undefined,calls:r.toolCalls.map(c=>[c.name,c.argumentsText,c.evidence,c.repairs.map(x=>x.kind).join()].join(' | ')),inc:r.incomplete.map(c=>[c.name,c.argumentsText,c.status].join(' | '))}))
for (const n of r.notes) console.log('  ', n.code, n.from, n.to, n.message)
