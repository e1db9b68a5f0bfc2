resource.get('a/ok.txt');
