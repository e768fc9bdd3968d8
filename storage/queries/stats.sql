{{- /* Answers a report.Query. Every table gives sums under the same keys (k0, k1, …); they are added up over the
       tables, named as the Stats API names them, sorted and cut to a page. Only names from query_columns.go stand in
       the text; whatever a client wrote is a parameter. */ -}}

{{- define "part"}}SELECT
{{- range $i, $key := .Keys}}
        {{$key}} AS k{{$i}},
{{- end}}
{{- range .Sums}}
        {{.SQL}} AS s_{{.Name}},
{{- end}}
        {{.Present}} AS present
    FROM {{.Table}}
    WHERE site = {site:String} AND {{.Time}} >= {{"{"}}{{.From}}:DateTime('UTC')} AND {{.Time}} < {to:DateTime('UTC')}
{{- range .Where}}
        AND {{.}}
{{- end}}
{{- if .Keys}}
    GROUP BY {{range $i, $_ := .Keys}}{{if $i}}, {{end}}k{{$i}}{{end}}
{{- end}}
{{- end -}}

{{- range $i, $total := .Totals}}
{{- if $i}},{{else}}WITH{{end}}
(
    SELECT sum(s_visitors) FROM ({{range $i, $part := .Parts}}{{if $i}}
    UNION ALL{{end}}
    {{template "part" $part}}{{end}})
) AS {{.Name}}
{{end -}}
SELECT
{{- range $i, $label := .Labels}}
    {{$label}} AS d{{$i}},
{{- end}}
{{- range $i, $metric := .Metrics}}
    {{$metric}} AS m{{$i}},
{{- end}}
    count() OVER () AS total
FROM
(
{{- range $i, $part := .Parts}}{{if $i}}
    UNION ALL{{end}}
    {{template "part" $part}}
{{- end}}
)
{{- if .Labels}}
GROUP BY {{range $i, $_ := .Labels}}{{if $i}}, {{end}}d{{$i}}{{end}}
HAVING sum(present) > 0
{{- with $.Only}} AND arrayStringConcat([{{range $i, $_ := $.Labels}}{{if $i}}, {{end}}d{{$i}}{{end}}], '\x1f') IN {{.}}
{{- end}}
{{- end}}
ORDER BY {{.Order}}
LIMIT {limit:UInt64} OFFSET {offset:UInt64}
